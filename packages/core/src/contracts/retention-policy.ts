import type { Level } from '../event/event';
import { LEVELS } from '../event/event';
import { checkIntegerOption, checkOptionKeys, invalidOption } from '../util/option-checks';
import { sharedSignal } from '../util/signals';
import type { RetentionPolicy } from './store';

const CODE = 'VIGILANT_QUERY_INVALID';
const OPTIONS = ['receivedBefore', 'receivedBeforeByLevel', 'maxBytes', 'maxEvents', 'signal'];

/** Checks the policy passed to `Store.prune`. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function checkRetentionPolicy(policy: RetentionPolicy): void {
  checkOptionKeys('prune()', policy, OPTIONS, CODE);
  const { receivedBefore, receivedBeforeByLevel = {}, maxBytes, maxEvents, signal } = policy;
  checkOptionKeys('receivedBeforeByLevel', receivedBeforeByLevel, LEVELS, CODE);
  checkTime('receivedBefore', receivedBefore);
  for (const [level, time] of Object.entries(receivedBeforeByLevel))
    checkTime(`receivedBeforeByLevel.${level}`, time);
  checkLimit('maxBytes', maxBytes);
  checkLimit('maxEvents', maxEvents);
  sharedSignal(signal);
}

/** Returns the time before which received events of a level have expired, in milliseconds since the epoch. */
export function expiryTime(
  {
    receivedBefore,
    receivedBeforeByLevel,
  }: Pick<RetentionPolicy, 'receivedBefore' | 'receivedBeforeByLevel'>,
  level: Level,
): number {
  return receivedBeforeByLevel?.[level] ?? receivedBefore ?? -Infinity;
}

/** Checks a limit. `Infinity` means unlimited. */
function checkLimit(name: string, limit: number | undefined): void {
  if (limit === undefined || limit === Infinity) return;
  checkIntegerOption(name, limit, 0, Number.MAX_SAFE_INTEGER, CODE);
}

function checkTime(name: string, time: unknown): void {
  if (time === undefined || (typeof time === 'number' && !Number.isNaN(time))) return;
  throw invalidOption(name, 'a number of milliseconds since the epoch', time, CODE);
}
