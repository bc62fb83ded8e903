import { VigilantError } from '../util/errors';
import type { JsonValue } from './event';

/** Matches strings, which are kept, and numbers. Runs in linear time only on valid JSON. */
const STRINGS_AND_NUMBERS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/gs;

/**
 * Matches JSON with a number that a double may not represent: 16 digits or more, or an exponent of three digits. What precedes a
 * number is part of the pattern, so that most digits in texts, such as those of UUIDs, are skipped.
 */
const MAYBE_INEXACT = /(?:^|[:,[\s])-?\d(?:(?:\.?\d){15}|[\d.]*[eE][+-]?\d{3})/;

/** Limit of `Number.prototype.toPrecision`. */
const MAX_PRECISION = 100;

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * Parses JSON like `JSON.parse`, but keeps a number as text, with its original digits, if a double cannot represent it: an
 * integer beyond 2^53, or a number with a fraction or an exponent whose digits differ from those of the nearest double, both
 * in its shortest form and at the precision of the text.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` when the text is not JSON. The error does not quote the text.
 */
export function parseJson(text: string): JsonValue {
  try {
    const value = JSON.parse(text) as JsonValue;
    const quoted = MAYBE_INEXACT.test(text) ? quoteInexactNumbers(text) : text;
    return quoted === text ? value : (JSON.parse(quoted) as JsonValue);
  } catch (error) {
    const [, position] = /at position (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
    const reason = `is not valid JSON${position === undefined ? '' : ` (position ${position})`}`;
    throw new VigilantError('VIGILANT_EVENT_INVALID', `The text ${reason}.`, {
      violations: [{ field: '', code: 'malformed', reason }],
    });
  }
}

function quoteInexactNumbers(text: string): string {
  return text.replace(STRINGS_AND_NUMBERS, (found) =>
    found.startsWith('"') || isExact(found) ? found : `"${found}"`,
  );
}

/** Returns whether a double represents the number of a JSON text. */
function isExact(text: string): boolean {
  const value = Number(text);
  if (!/[.eE]/.test(text)) return Number.isSafeInteger(value);
  if (!Number.isFinite(value)) return false;
  const number = canonical(text);
  if (number === canonical(String(value))) return true;
  // Other languages print doubles with 17 digits: 0.10000000000000001 is 0.1.
  const precision = Math.min(number.replace('-', '').indexOf('e'), MAX_PRECISION);
  return number === canonical(value.toPrecision(precision));
}

/** Returns the only text of a number in which its digits neither begin nor end with a zero. */
function canonical(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  const digits = whole + fraction;
  let start = 0;
  let end = digits.length;
  while (digits[start] === '0') start += 1;
  while (end > start && digits[end - 1] === '0') end -= 1;
  if (start === end) return '0e0';
  return `${sign}${digits.slice(start, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}
