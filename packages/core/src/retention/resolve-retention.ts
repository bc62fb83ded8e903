import type { RetentionOptions, RetentionStatus } from '../contracts/retention';
import type { RetentionPolicy, Store } from '../contracts/store';
import type { Level } from '../event/event';
import { LEVELS } from '../event/event';
import { MAX_TIME_MICROS } from '../event/limits';
import { parseDuration } from '../filter/time';
import type { VigilantError } from '../util/errors';
import { checkIntegerOption, checkOptionKeys, invalidOption, optionError } from '../util/option-checks';

const MIB = 1024 * 1024;

/** The shortest age, in milliseconds. */
const MIN_AGE_MS = 1_000;

/** No event was received before this time, in milliseconds since the epoch. */
const EARLIEST_MS = -MAX_TIME_MICROS / 1000;

/** Checked retention rules. */
export interface ResolvedRetention {
  /** The rules as they were given. */
  readonly rules: Pick<RetentionStatus, 'maxAge' | 'byLevel' | 'maxBytes'>;
  /** Returns the policy at a time in milliseconds since the epoch. */
  readonly policyAt: (nowMs: number) => RetentionPolicy;
}

/**
 * Checks retention rules. Returns `undefined` if there are none.
 *
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function resolveRetention(
  retention: RetentionOptions = {},
  { capabilities, prune }: Store,
): ResolvedRetention | undefined {
  checkOptionKeys('retention', retention, ['maxAge', 'byLevel', 'maxBytes']);
  const { maxAge, byLevel = {}, maxBytes } = retention;
  checkOptionKeys('retention.byLevel', byLevel, LEVELS);
  const age = maxAge === undefined ? undefined : readAge('retention.maxAge', maxAge);
  const given = Object.entries(byLevel).filter(([, each]) => each !== undefined) as [Level, string][];
  const ages = given.map(([level, text]) => [level, readAge(`retention.byLevel.${level}`, text)] as const);
  const limits =
    maxBytes === undefined
      ? {}
      : { maxBytes: checkIntegerOption('retention.maxBytes', maxBytes, MIB, Number.MAX_SAFE_INTEGER) };
  if (age === undefined && ages.length === 0 && maxBytes === undefined) return undefined;
  if (capabilities.readOnly === true) throw unusable('the store is read-only, so nothing can be deleted');
  if (prune === undefined) throw unusable('the store has no method prune()');
  return Object.freeze({
    rules: Object.freeze({
      ...(maxAge === undefined ? {} : { maxAge }),
      ...(ages.length === 0 ? {} : { byLevel: Object.freeze(Object.fromEntries(given)) }),
      ...limits,
    }),
    policyAt: (nowMs: number): RetentionPolicy => ({
      ...(age === undefined ? {} : { receivedBefore: expiry(nowMs, age) }),
      receivedBeforeByLevel: Object.fromEntries(ages.map(([level, each]) => [level, expiry(nowMs, each)])),
      ...limits,
    }),
  });
}

function expiry(nowMs: number, ageMs: number): number {
  return Math.max(EARLIEST_MS, nowMs - ageMs);
}

/** Returns an age in milliseconds; `Infinity` for `forever`. */
function readAge(path: string, text: unknown): number {
  const micros = typeof text === 'string' ? parseDuration(text) : undefined;
  if (text === 'forever') return Infinity;
  if (micros !== undefined && micros / 1000 >= MIN_AGE_MS) return micros / 1000;
  const requirement =
    "a duration of at least 1s, such as '30d' or '12h' (units: s, m, h, d, w), or 'forever'";
  throw invalidOption(path, requirement, text);
}

function unusable(cause: string): VigilantError {
  const reason = `must be absent, because ${cause}`;
  const message = `retention ${reason}. Remove the option, or use a store that can delete events.`;
  return optionError(message, { field: 'retention', code: 'not_allowed', reason });
}
