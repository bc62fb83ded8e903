import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isVigilantError } from '../../src/util/errors';
import type { Event } from '../../src/event/event';
import { formatFilter } from '../../src/filter/format';
import type { FilterObject } from '../../src/filter/from-object';
import { matches } from '../../src/filter/matches';
import { parseFilter } from '../../src/filter/parse';
import { toFilter } from '../../src/filter/to-filter';
import { parseTime, resolveFilter } from '../../src/filter/time';

const page = readFileSync(new URL('../../../../docs/filters.md', import.meta.url), 'utf8');

/** Returns the rows of the table with this head, without the backticks of code. */
function table(head: string): string[][] {
  const lines = page.split('\n').map(cells);
  const start = lines.findIndex((line) => line?.join(' | ') === head) + 2;
  const end = lines.findIndex((line, index) => index > start && line === undefined);
  return lines
    .slice(start, end)
    .map((line) => (line ?? []).map((cell) => /^`(.*?)`/.exec(cell)?.[1] ?? cell));
}

/** Returns the cells of a row of a table. */
function cells(line: string): string[] | undefined {
  if (!line.startsWith('|')) return undefined;
  return line
    .slice(1, -1)
    .split(' | ')
    .map((cell) => cell.trim());
}

const given = JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? '') as Omit<Event, 'timestamp'> & {
  timestamp: string;
};
const micros = parseTime(given.timestamp, (reason) => {
  throw new Error(reason);
});
const sample: Event = { ...given, timestamp: micros / 1000, receivedAt: 0 };
const finds = (filter: string) => matches(resolveFilter(parseFilter(filter), Date.UTC(2026, 6, 1)), sample);

describe('docs/filters.md', () => {
  it('contains every table', () => {
    const heads = [
      'Filter | Matches',
      'Filter | Reason',
      'Filter | Position | Message',
      'Object | Filter',
      'Filter | Canonical form',
    ];
    for (const head of heads) expect(table(head).length, head).toBeGreaterThan(3);
  });

  it.each(table('Filter | Matches'))('matches the event with %s', (filter) =>
    expect(finds(filter)).toBe(true),
  );

  it.each(table('Filter | Reason'))('does not match the event with %s', (filter) =>
    expect(finds(filter)).toBe(false),
  );

  it.each(table('Filter | Position | Message'))('rejects %s at %s: %s', (filter, position, text) => {
    let error: unknown;
    try {
      parseFilter(filter);
    } catch (caught) {
      error = caught;
    }
    expect(isVigilantError(error) && error.code).toBe('VIGILANT_FILTER_INVALID');
    expect(error).toMatchObject({
      position: Number(position),
      message: expect.stringContaining(text ?? '') as string,
    });
  });

  it.each(table('Object | Filter'))('parses the object %s as %s', (object, filter) => {
    expect(formatFilter(toFilter(JSON.parse(object) as FilterObject))).toBe(filter);
  });

  it.each(table('Filter | Canonical form'))('formats %s as %s', (filter, canonical) => {
    expect(formatFilter(parseFilter(filter))).toBe(canonical);
  });

  it('starts with a valid filter', () => {
    const [example = ''] = /^ {4}level.*$/m.exec(page) ?? [];
    expect(formatFilter(parseFilter(example))).toContain('data.userId:42 "card declined" -group:noisy');
  });
});
