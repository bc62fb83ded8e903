import type { IdRun } from '../../src/index';
import type { EncodedRun } from '../../src/ids/encode-run';
import { decodeHead } from '../../src/index';

/** Returns a run that reads its parts from memory. */
export function stored({ head, parts }: EncodedRun): IdRun {
  return { head: decodeHead(head), readPart: (part) => parts[part] as Uint8Array };
}

/** Collects what a generator of parts yields and returns. */
export function collect(steps: Generator<Uint8Array, Uint8Array>): EncodedRun {
  const parts: Uint8Array[] = [];
  for (;;) {
    const { value, done } = steps.next();
    if (done === true) return { head: value, parts };
    parts.push(value);
  }
}
