import { LEVEL_RANKS, parseLevel } from '../event/level';
import { MAX_SEVERITY, MIN_SEVERITY } from '../event/limits';

/** Throws the error for a value, with the reason and without a final period. */
export type Reject = (reason: string) => never;

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;

/** Parses the name of a level to its rank. Returns `undefined` for other text. */
export function parseLevelRank(text: string): number | undefined {
  const level = parseLevel(text);
  return level && LEVEL_RANKS[level];
}

/** Parses a 32-bit integer. Returns `undefined` for other text. */
export function parseSeverity(text: string): number | undefined {
  const value = INTEGER.test(text) ? Number(text) : NaN;
  return value >= MIN_SEVERITY && value <= MAX_SEVERITY ? value + 0 : undefined;
}

/** Parses a JSON number. Returns `undefined` for other text and beyond the range of a double. */
export function parseNumber(text: string): number | undefined {
  const value = NUMBER.test(text) ? Number(text) + 0 : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/**
 * Parses an unquoted value that is a JSON literal: `true`, `false`, `null` or a number.
 *
 * Returns `undefined` for other text, and for an integer beyond 2^53, because events store such numbers as text.
 */
export function parseLiteral(text: string): number | boolean | null | undefined {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  const value = parseNumber(text);
  return value !== undefined && INTEGER.test(text) && !Number.isSafeInteger(value) ? undefined : value;
}
