import type { ErrorCode } from '../util/errors';
import { nearName } from '../util/near-name';
import { invalidOption } from '../util/option-checks';
import type { Level } from './event';
import { LEVELS } from './event';

/** Rank of each level: its index in `LEVELS`. */
export const LEVEL_RANKS = Object.fromEntries(LEVELS.map((level, rank) => [level, rank])) as Readonly<
  Record<Level, number>
>;

/** Names of levels in syslog and other loggers, in upper case. */
const OTHER_NAMES: Readonly<Record<Level, readonly string[]>> = {
  DEBUG: ['TRACE', 'VERBOSE', 'SILLY', 'FINE', 'FINER', 'FINEST'],
  INFO: ['INFORMATION', 'INFORMATIONAL', 'NOTICE'],
  WARN: ['WARNING'],
  ERROR: ['ERR', 'SEVERE', 'CRIT', 'CRITICAL', 'ALERT', 'EMERG', 'EMERGENCY', 'PANIC', 'FATAL'],
};

/** Returns all names of a level, in upper case. */
export function levelNames(level: Level): readonly string[] {
  return [level, ...OTHER_NAMES[level]];
}

const NAMES: ReadonlyMap<string, Level> = new Map(
  LEVELS.flatMap((level) => levelNames(level).map((name) => [name, level] as const)),
);

/** Parses the name of a level in any case. Returns `undefined` for other text. */
export function parseLevel(text: string): Level | undefined {
  return NAMES.get(text) ?? NAMES.get(text.toUpperCase());
}

/** Returns the level that an option names. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`, or the given code */
export function checkLevel(path: string, name: unknown, code?: ErrorCode): Level {
  const level = typeof name === 'string' ? parseLevel(name) : undefined;
  if (level === undefined) throw invalidOption(path, `one of ${LEVELS.join(', ')}`, name, code);
  return level;
}

/** Returns advice that names the most similar level, or all levels. */
export function suggestLevel(text: string): string {
  const near = nearName(text, [...NAMES.keys()]);
  return near === undefined ? `the levels are ${LEVELS.join(', ')}` : `did you mean ${near}?`;
}
