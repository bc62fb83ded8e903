import { LEVELS } from '../event/event';
import { nearName } from '../near-name';

/** Other names of levels, as events may carry them, and their rank. */
const LEVEL_RANKS: ReadonlyMap<string, number> = new Map([
  ...LEVELS.map((level, rank) => [level, rank] as const),
  ['TRACE', 0],
  ['WARNING', 2],
  ['FATAL', 3],
  ['CRITICAL', 3],
]);

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;

/** Severities are integers of 32 bits. */
export const MAX_SEVERITY = 2 ** 31 - 1;
export const MIN_SEVERITY = -(2 ** 31);

/** Reads the name of a level in any case as its rank; `undefined` when there is no such level. */
export function parseLevelRank(text: string): number | undefined {
  return LEVEL_RANKS.get(text.toUpperCase());
}

/** Says that a text is no level, and which level was likely meant. */
export function explainLevel(text: string): string {
  const near = nearName(text, [...LEVEL_RANKS.keys()]);
  const advice = near === undefined ? '' : `; did you mean ${near}?`;
  return `Expected a level (${LEVELS.join(', ')}), found "${text.slice(0, 40)}"${advice}`;
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

/** Replaces lone surrogates, which no event holds, as events do. */
export function toWellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, '\ufffd');
}
