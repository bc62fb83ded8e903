import { WireScanner } from './wire-scanner';

// Tags of `vigilant.v1.LogEventRequest` and `LogEventsRequest`.
const EVENT = 0x0a;
const CHECK_ID = 0x10;

/** The events of a request as ranges of its bytes. */
export interface ScannedRequest {
  readonly bytes: Buffer;
  /** Start and end of each event, one after another. */
  readonly ranges: readonly number[];
  readonly checkId: boolean;
}

/**
 * Finds the events of an encoded `LogEventRequest` or `LogEventsRequest`, which have the same form.
 *
 * @returns `undefined` if the request must be decoded with the codec, which reports what is wrong with it.
 */
export function scanRequest(bytes: Buffer): ScannedRequest | undefined {
  const scanner = new WireScanner(bytes, 0, bytes.length);
  const ranges: number[] = [];
  let checkId = 0;
  while (!scanner.isAtEnd) {
    const tag = scanner.readTag();
    if (tag === EVENT) {
      if (!scanner.skipLength()) return undefined;
      ranges.push(scanner.start, scanner.at);
    } else if (tag === CHECK_ID) {
      checkId = scanner.readVarint();
      if (checkId !== 0 && checkId !== 1) return undefined;
    } else return undefined;
  }
  return { bytes, ranges, checkId: checkId === 1 };
}
