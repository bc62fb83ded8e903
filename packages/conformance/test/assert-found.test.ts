import type { Filter } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { sampleEvent, sampleEvents } from '../src/samples';
import { assertFound } from '../src/store/assert-found';

const LEVEL: Filter = { kind: 'ordered', field: 'level', operator: '>=', value: 3 };

/** Returns the message of the failure. */
function failureOf(run: () => void): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It did not fail.');
}

describe('assertFound', () => {
  const bad = sampleEvent({ level: 'ERROR', message: 'the bad one' });
  const good = sampleEvent({ message: 'the good one' });

  it('accepts the events that match, in order', () => {
    assertFound(LEVEL, [good, bad], [bad]);
  });

  it('shows the filter and an event that is missing', () => {
    const message = failureOf(() => assertFound(LEVEL, [good, bad], []));
    expect(message).toContain('level>=ERROR');
    expect(message).toContain(JSON.stringify(LEVEL));
    expect(message).toContain(`${bad.id} must be found`);
    expect(message).toContain(JSON.stringify(bad));
    expect(message).not.toContain('the good one');
  });

  it('shows an event that must not be found', () => {
    const message = failureOf(() => assertFound(LEVEL, [good, bad], [good, bad]));
    expect(message).toContain(`${good.id} must not be found`);
    expect(message).toContain(JSON.stringify(good));
    expect(message).not.toContain('the bad one');
  });

  it('names fold if a filter with text misses an event', () => {
    const text: Filter = { kind: 'not', filter: { kind: 'not', filter: { kind: 'contains', text: 'Bad' } } };
    const missing = failureOf(() => assertFound({ kind: 'and', filters: [text, LEVEL] }, [bad], []));
    expect(missing).toContain('fold(text)');
    expect(missing).toContain('fold(message)');
    expect(failureOf(() => assertFound(LEVEL, [bad], []))).not.toContain('fold');
    expect(failureOf(() => assertFound(text, [good], [good]))).not.toContain('fold');
  });

  it('shows at most three events and counts the others', () => {
    const many = sampleEvents(10, { level: 'ERROR' });
    const message = failureOf(() => assertFound(LEVEL, many, []));
    expect(message.split('\n')).toHaveLength(5);
    expect(message).toContain('7 more events must be found');
  });

  it('shortens large events', () => {
    const large = sampleEvent({ level: 'ERROR', message: 'x'.repeat(60_000) });
    expect(failureOf(() => assertFound(LEVEL, [large], [])).length).toBeLessThan(3_000);
  });

  it('shows the tree of a filter that has no text', () => {
    const filter: Filter = { kind: 'or', filters: [] };
    expect(failureOf(() => assertFound(filter, [good], [good]))).toContain('{"kind":"or","filters":[]}');
  });

  it.each<[string, readonly number[]]>([
    ['another order', [1, 0]],
    ['a repetition', [0, 1, 1]],
  ])('rejects %s', (_, indexes) => {
    const events = sampleEvents(2, { level: 'ERROR' });
    const found = indexes.map((index) => events[index] as (typeof events)[0]);
    expect(failureOf(() => assertFound(LEVEL, events, found))).toContain(
      'in the wrong order or more than once',
    );
  });
});
