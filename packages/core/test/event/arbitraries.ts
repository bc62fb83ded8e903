import fc from 'fast-check';
import type { EventInput } from '../../src/event/event';

/** Generates text with error-prone characters: other scripts, surrogates, controls, wildcards. */
export const text = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('', '日本語', 'İıßſK', '%_\\', '\0', '😀', '"', '__proto__'),
);

/** Generates JSON objects, with keys such as `__proto__`. */
export const data = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => JSON.parse(JSON.stringify({ value, nested: { value } })) as object)
  .chain((object) =>
    fc.constantFrom(object, JSON.parse(`{"__proto__":${JSON.stringify(object)},"constructor":1}`) as object),
  );

/** Generates milliseconds with microseconds as the fraction, large enough not to be read as seconds. */
export const milliseconds = fc.integer({ min: 1e14, max: 2 ** 43 * 1000 }).map((micros) => micros / 1000);

/** Generates valid inputs. */
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
