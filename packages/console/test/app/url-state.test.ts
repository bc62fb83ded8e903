import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONTEXT_SAME,
  CONTEXT_WIDTHS,
  DENSITIES,
  EMPTY_STATE,
  formatUrlState,
  parseUrlState,
  type UrlState,
} from '../../src/app/route/url-state';
import type { TimeRange } from '../../src/app/time/range';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const isoTime = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
const last = fc
  .tuple(fc.integer({ min: 1, max: 500 }), fc.constantFrom('s', 'm', 'h', 'd'))
  .map(([count, unit]) => `${count}${unit}`);
const range: fc.Arbitrary<TimeRange> = fc.oneof(
  fc.constant({ kind: 'all' as const }),
  last.map((each) => ({ kind: 'relative' as const, last: each })),
  fc
    .tuple(isoTime, isoTime, fc.option(last, { nil: undefined }))
    .filter(([since, until]) => since < until)
    .map(([since, until, each]) => ({ kind: 'absolute' as const, since, until, last: each })),
);

const state: fc.Arbitrary<UrlState> = fc.record({
  query: text,
  range,
  columns: fc.uniqueArray(
    text.filter((each) => each !== ''),
    { maxLength: 4 },
  ),
  zone: fc.constantFrom(undefined, 'UTC', 'local', 'Europe/Berlin'),
  density: fc.constantFrom(undefined, ...DENSITIES),
  event: fc.option(
    text.filter((each) => each !== ''),
    { nil: undefined },
  ),
  context: fc.option(
    fc.record({ width: fc.constantFrom(...CONTEXT_WIDTHS), same: fc.constantFrom(...CONTEXT_SAME) }),
    { nil: undefined },
  ),
  isLive: fc.boolean(),
  isSimilar: fc.boolean(),
  isComparing: fc.boolean(),
});

describe('the state of the URL', () => {
  it('survives formatting and parsing', () => {
    fc.assert(fc.property(state, (each) => void expect(parseUrlState(formatUrlState(each))).toEqual(each)));
  });

  it('is parsed from any text without an error, and is stable afterwards', () => {
    const search = fc.oneof(text, fc.dictionary(fc.constantFrom('q', 'range', 'since', 'until', 'cols', 'tz', 'density', 'id', 'ctx', 'live', 'cmp'), text).map((all) => String(new URLSearchParams(all)))); // prettier-ignore
    fc.assert(
      fc.property(search, (each) => {
        const parsed = parseUrlState(each);
        expect(parseUrlState(formatUrlState(parsed))).toEqual(parsed);
      }),
    );
  });

  it.each(['zz', 'Europe/Nowhere', '\u0000'])('ignores the unknown time zone %j', (zone) => {
    expect(parseUrlState(`?${String(new URLSearchParams({ tz: zone }))}`).zone).toBeUndefined();
  });

  it('contains each column once', () => {
    expect(parseUrlState('?cols=a,b,a').columns).toEqual(['a', 'b']);
  });

  it('leaves defaults out of the URL', () => {
    expect(formatUrlState(EMPTY_STATE)).toBe('');
  });

  it('keeps the relative range beside the absolute one', () => {
    const { range: parsed } = parseUrlState('?since=2026-03-04T05:06:07Z&range=15m');
    expect(parsed).toEqual({
      kind: 'absolute',
      since: '2026-03-04T05:06:07.000Z',
      until: undefined,
      last: '15m',
    });
  });
});
