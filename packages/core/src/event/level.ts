import { nearName } from '../near-name';
import type { Level } from './event';
import { LEVELS } from './event';
import { excerpt } from './text';

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

/** Says that a text is no level, and which one was likely meant. */
export function explainLevel(text: string): string {
  const near = nearName(text, [...NAMES.keys()]);
  const advice = near === undefined ? '' : `; did you mean ${near}?`;
  return `"${excerpt(text)}" is no level (${LEVELS.join(', ')})${advice}`;
}
