const LENGTH = 36;
const HYPHENS: readonly number[] = [8, 13, 18, 23];
const HYPHEN = 0x2d;
/** Index of the digit that states the version. */
const VERSION_INDEX = 14;
const SEVEN = 0x37;

/** Value of each lower-case hexadecimal digit by its character code; -1 for other ASCII characters. */
const DIGITS = Int8Array.from({ length: 128 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code)),
);

/** Maximum distance between the time in an id and the arrival of its event, in milliseconds. */
const PROMPT_MS = 10_000;

/** Returns the time in a lower-case UUIDv7 with hyphens, in milliseconds, or `undefined` for any other id. */
export function timeOfUuid7(id: string): number | undefined {
  if (id.length !== LENGTH || id.charCodeAt(VERSION_INDEX) !== SEVEN) return undefined;
  for (const index of HYPHENS) if (id.charCodeAt(index) !== HYPHEN) return undefined;
  const high = digits(id, 0, 8);
  const low = digits(id, 9, 13);
  const isUuid = high >= 0 && low >= 0 && digits(id, 14, 18) >= 0 && digits(id, 19, 23) >= 0;
  return isUuid && digits(id, 24, 30) >= 0 && digits(id, 30, 36) >= 0 ? high * 2 ** 16 + low : undefined;
}

/**
 * Returns whether an id is a UUIDv7 made within 10 s of the arrival of its event. A block that contains a prompt id has
 * the time of the id within `BlockSummary.idTimes`.
 *
 * @param receivedAt - In integer microseconds.
 */
export function isPrompt(id: string, receivedAt: number): boolean {
  const time = timeOfUuid7(id);
  return time !== undefined && isPromptTime(time, receivedAt);
}

/** Returns whether a time in milliseconds is within 10 s of an arrival in microseconds. */
export function isPromptTime(time: number, receivedAt: number): boolean {
  return Math.abs(time - receivedAt / 1000) <= PROMPT_MS;
}

/** Returns the value of at most eight hexadecimal digits, or -1 if one of the characters is not a digit. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let index = start; index < end; index++) {
    const digit = DIGITS[text.charCodeAt(index)] ?? -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}
