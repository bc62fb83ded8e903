import fc from 'fast-check';
import type { EventInput } from '../../src/event/event';

/** Text with what tends to break: other scripts, surrogates, controls, wildcards. */
export const text = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('', '日本語', 'İıßſK', '%_\\', '\0', '😀', '"', '__proto__'),
);

/** Data as JSON holds it, with keys such as `__proto__`. */
export const data = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => JSON.parse(JSON.stringify({ value, nested: { value } })) as object)
  .chain((object) =>
    fc.constantFrom(object, JSON.parse(`{"__proto__":${JSON.stringify(object)},"constructor":1}`) as object),
  );

/** Milliseconds with microseconds as the fraction, where a number alone says that it is milliseconds. */
export const milliseconds = fc.integer({ min: 1e14, max: 2 ** 43 * 1000 }).map((micros) => micros / 1000);

/** Inputs that keep every rule. */
export const input: fc.Arbitrary<EventInput> = fc.record(
  {
    id: fc.stringMatching(/^[\x21-\x7e]{1,128}$/).filter((id) => id !== '0'),
    message: text,
    level: fc.constantFrom('debug', 'INFO', 'Warning', 'fatal'),
    severity: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    timestamp: milliseconds,
    origin: text,
    source: text,
    type: text,
    group: text,
    tags: fc.array(text, { maxLength: 5 }),
    data,
  },
  { requiredKeys: ['message'] },
);
