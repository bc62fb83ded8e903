import { VigilantError } from '../util/errors';
import type { JsonValue } from './event';

/**
 * Matches strings, which are kept, and numbers that a double may not represent. Runs in linear time only on valid JSON.
 */
const LONG_NUMBERS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d{16,}[\d.eE+-]*/gs;
const MAYBE_LONG = /\d{16}/;

/**
 * Parses JSON like `JSON.parse`, but converts an integer that a double cannot represent exactly to a string of its digits.
 * Numbers with a fraction or an exponent become the nearest double, regardless of their number of digits.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` when the text is not JSON. The error does not quote the text.
 */
export function parseJson(text: string): JsonValue {
  try {
    const value = JSON.parse(text) as JsonValue;
    const quoted = MAYBE_LONG.test(text) ? quoteLongNumbers(text) : text;
    return quoted === text ? value : (JSON.parse(quoted) as JsonValue);
  } catch (error) {
    const [, position] = /at position (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
    const reason = `is not valid JSON${position === undefined ? '' : `, see position ${position}`}`;
    throw new VigilantError('VIGILANT_EVENT_INVALID', reason, {
      violations: [{ field: '', code: 'malformed', reason }],
    });
  }
}

function quoteLongNumbers(text: string): string {
  return text.replace(LONG_NUMBERS, (found, offset: number) => {
    if (found.startsWith('"')) return found;
    // Not an integer: the match has, or continues a number with, a fraction or an exponent.
    if (/[.eE+]/.test(found) || /[\d.eE+]/.test(text.charAt(offset - 1))) return found;
    return Number.isSafeInteger(Number(found)) ? found : `"${found}"`;
  });
}
