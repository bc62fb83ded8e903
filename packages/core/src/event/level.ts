import { nearName } from '../near-name';
import type { Level } from './event';
import { LEVELS } from './event';

/** What a level may be called, in capitals. */
const NAMES: ReadonlyMap<string, Level> = new Map<string, Level>([
  ...LEVELS.map((level) => [level, level] as const),
  ['TRACE', 'DEBUG'],
  ['WARNING', 'WARN'],
  ['FATAL', 'ERROR'],
  ['CRITICAL', 'ERROR'],
]);

/** Reads the name of a level, in any case; `undefined` when there is no such level. */
export function parseLevel(text: string): Level | undefined {
  return NAMES.get(text) ?? NAMES.get(text.toUpperCase());
}

/** Names the level that was likely meant, or all of them. */
export function suggestLevel(text: string): string {
  const near = nearName(text, [...NAMES.keys()]);
  return near === undefined ? `the levels are ${LEVELS.join(', ')}` : `did you mean ${near}?`;
}
