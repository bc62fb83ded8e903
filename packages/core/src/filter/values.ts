import { LEVEL_RANKS, parseLevel } from '../event/level';
import { MAX_SEVERITY, MIN_SEVERITY } from '../event/limits';

/** Throws the error for a value, with the reason and without a final period. */
export type Reject = (reason: string) => never;

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;

/** Reads the name of a level in any case as its rank; `undefined` when there is no such level. */
export function parseLevelRank(text: string): number | undefined {
  const level = parseLevel(text);
  return level && LEVEL_RANKS[level];
}

/** Reads an integer of 32 bits; `undefined` when it is none. */
export function parseSeverity(text: string): number | undefined {
  const value = INTEGER.test(text) ? Number(text) : NaN;
  return value >= MIN_SEVERITY && value <= MAX_SEVERITY ? value + 0 : undefined;
}

/** Reads a number as JSON writes it; `undefined` for any other text and beyond the range of a double. */
export function parseNumber(text: string): number | undefined {
  const value = NUMBER.test(text) ? Number(text) + 0 : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/**
 * Reads what an unquoted value stands for besides its text: `true`, `false`, `null` or a number.
 *
 * An integer beyond 2^53 stands for its digits alone, since events keep such numbers as text.
 */
export function parseLiteral(text: string): number | boolean | null | undefined {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  const value = parseNumber(text);
  return value !== undefined && INTEGER.test(text) && !Number.isSafeInteger(value) ? undefined : value;
}
