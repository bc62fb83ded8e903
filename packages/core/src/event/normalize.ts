import type { Violation } from '../util/errors';
import { nearName } from '../util/near-name';
import { rememberNormalized } from './codec';
import type { ResolvedDefaults } from './defaults';
import type { Event } from './event';
import { fromMicros, readTimestamp } from './timestamp';
import {
  defaultData,
  isGiven,
  readData,
  readDataAsJson,
  readId,
  readLevel,
  readMessage,
  readName,
  readSeverity,
  readTags,
} from './read-fields';
import { excerpt } from '../util/text';
import { MAX_VIOLATIONS, fault, invalidEvent, toViolation } from './violations';

/** Readers of the fields, in the order in which violations are reported. */
const READERS: Readonly<Record<string, (value: {}, defaults: ResolvedDefaults) => unknown>> = {
  id: readId,
  message: readMessage,
  level: readLevel,
  severity: readSeverity,
  timestamp: readTimestamp,
  origin: readName,
  source: readName,
  type: readName,
  group: readName,
  tags: (value, defaults) => readTags(value, defaults.tags),
  data: (value, defaults) => readData(value, defaults.data),
};

const FIELDS = Object.keys(READERS);

/** Includes the fields that only the engine and the store set. */
const KNOWN: ReadonlySet<string> = new Set([...FIELDS, 'receivedAt', 'sequence']);

/** Dependencies of `normalizeEvent`. */
export interface NormalizeContext {
  readonly defaults: ResolvedDefaults;
  /** Returns the current time in milliseconds since the epoch. */
  now(): number;
  /** Returns an id for an event that has none. */
  newId(): string;
  /** Prefix of the fields of violations, such as `events[3]`. */
  readonly field?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Approximate encoded size of an event without its message and data, in bytes. */
const ESTIMATED_REST = 300;

/**
 * Creates a complete event from an input. The event shares no objects with the input.
 *
 * Fields that are `null` or `undefined` get their default. `receivedAt` and `sequence` are ignored, so that a stored event
 * is valid input. Any other unknown field is rejected.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` with a violation for each invalid field.
 */
export function normalizeEvent(input: unknown, context: NormalizeContext): Event {
  const { event, estimate, dataJson } = normalize(input, context);
  rememberNormalized(event, estimate, dataJson);
  return event;
}

/** A normalised event, its approximate encoded size, and the JSON of its data if it had to be created. */
export interface Normalized {
  readonly event: Event;
  readonly estimate: number;
  readonly dataJson: string | undefined;
}

/**
 * Normalises an input as `normalizeEvent` does, without caching anything with the event.
 *
 * @param isEncodedAtOnce - Whether the event is encoded before the caller can change the input, so that it may share its data.
 */
export function normalize(input: unknown, context: NormalizeContext, isEncodedAtOnce = false): Normalized {
  if (isRevoked(input))
    throw invalidEvent([{ field: context.field ?? '', code: 'malformed', reason: 'cannot be read' }]);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    const reason = 'an event must be an object with a message';
    throw invalidEvent([{ field: context.field ?? '', code: 'wrong_type', reason }]);
  }
  try {
    return readEvent(input as Fields, context, isEncodedAtOnce ? readDataAsJson : readData);
  } catch {
    // Reading stops at the first fault, but the error reports every violation.
    throw invalidEvent(violationsOf(input as Fields, context));
  }
}

/** Returns whether a value is a revoked Proxy, which has neither fields nor a type. */
function isRevoked(value: unknown): boolean {
  try {
    Array.isArray(value);
    return false;
  } catch {
    return true;
  }
}

/** Reads all fields. Throws at the first invalid one. */
function readEvent(
  input: Fields,
  { defaults, now, newId }: NormalizeContext,
  readOwnData: typeof readData,
): Normalized {
  for (const name in input) {
    if (!KNOWN.has(name)) checkName(input, name);
  }
  const { id, message, level, severity, timestamp, origin, source, type, group, tags, data } = input;
  const receivedAt = now();
  const ownData = isGiven(data) ? readOwnData(data, defaults.data) : defaultData(defaults.data);
  const event: Event = {
    id: (isGiven(id) ? readId(id) : undefined) ?? newId(),
    message: readMessage(message),
    level: isGiven(level) ? readLevel(level) : 'INFO',
    severity: isGiven(severity) ? readSeverity(severity) : 0,
    timestamp: isGiven(timestamp) ? fromMicros(readTimestamp(timestamp)) : receivedAt,
    receivedAt,
    origin: isGiven(origin) ? readName(origin) : defaults.origin,
    source: isGiven(source) ? readName(source) : defaults.source,
    type: isGiven(type) ? readName(type) : defaults.type,
    group: isGiven(group) ? readName(group) : defaults.group,
    tags: isGiven(tags) ? readTags(tags, defaults.tags) : defaults.tags,
    data: ownData.value,
  };
  const estimate = ESTIMATED_REST + event.message.length + ownData.characters;
  return { event, estimate, dataJson: ownData.json };
}

/** Returns the violations of all fields. */
function violationsOf(input: Fields, { defaults, field: prefix = '' }: NormalizeContext): Violation[] {
  const violations: Violation[] = [];
  const attempt = (name: string, work: () => unknown): void => {
    try {
      work();
    } catch (error) {
      violations.push(toViolation(prefix, name, error));
    }
  };
  attempt('', () => {
    for (const name in input) {
      if (violations.length >= MAX_VIOLATIONS) return;
      if (!KNOWN.has(name)) attempt(excerpt(name), () => checkName(input, name));
    }
  });
  for (const [name, reader] of Object.entries(READERS)) {
    attempt(name, () => {
      const value = input[name];
      if (name === 'message' || isGiven(value)) reader(value as {}, defaults);
    });
  }
  if (violations.length > 0) return violations;
  // The input was invalid before and is valid now, as with a getter or a proxy that changes its value.
  return [{ field: prefix, code: 'malformed', reason: 'cannot be read' }];
}

function checkName(input: Fields, name: string): void {
  if (!Object.hasOwn(input, name) || input[name] === undefined) return;
  const near = nearName(name, FIELDS);
  const advice = near === undefined ? '; put it under data' : `; did you mean ${near}?`;
  throw fault('unknown_field', `is not a field of an event${advice}`);
}
