import type { Violation } from '../errors';
import { nearName } from '../near-name';
import { rememberDataJson } from './codec';
import type { Event, EventDefaults, JsonObject, Level } from './event';
import { explainLevel, parseLevel } from './level';
import { fromMicros } from './micros';
import { MAX_DATA_BYTES, toJsonObject } from './safe-json';
import { excerpt, hasMoreCodePoints, toWellFormed } from './text';
import { readTimestamp } from './timestamp';
import { FaultError, fault, invalidEvent } from './violations';

/** Limits of the fields that are text. */
export const MAX_ID_CHARACTERS = 128;
export const MAX_MESSAGE_BYTES = 64 * 1024;
export const MAX_NAME_CODE_POINTS = 255;
export const MAX_TAGS = 64;

const MAX_SEVERITY = 2 ** 31 - 1;
const MIN_SEVERITY = -(2 ** 31);

/** The fields of an input, and those that only the engine and the store set. */
const FIELDS = [
  ...['id', 'message', 'level', 'severity', 'timestamp'],
  ...['origin', 'source', 'type', 'group', 'tags', 'data'],
];
const KNOWN: ReadonlySet<string> = new Set([...FIELDS, 'receivedAt', 'sequence']);

/** Defaults that are checked. */
export interface ResolvedDefaults {
  readonly origin: string;
  readonly source: string;
  readonly type: string;
  readonly group: string;
  readonly tags: readonly string[];
  readonly data: JsonObject | undefined;
}

/** What normalising works with. */
export interface NormalizeContext {
  readonly defaults: ResolvedDefaults;
  /** Milliseconds since the epoch. */
  now(): number;
  newId(): string;
  /** Stands before the names of fields in violations, such as `events[3]`. */
  readonly field?: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Makes a complete event of an input, sharing nothing with it.
 *
 * Fields that are `null` or `undefined` count as left out. `receivedAt` and `sequence` of an event that was read before
 * are ignored; any other unknown field is refused.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` with everything that is wrong with it.
 */
export function normalizeEvent(input: unknown, context: NormalizeContext): Event {
  const { defaults, field = '' } = context;
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw invalidEvent([{ field, code: 'wrong_type', reason: 'an event must be an object with a message' }]);
  const fields = input as Fields;
  const violations: Violation[] = [];

  /** Reads one field; what is wrong with it is noted and the rest is read all the same. */
  const take = <T>(name: string, read: (value: {}) => T, fallback: () => T): T => {
    try {
      const value = fields[name];
      return value === undefined || value === null ? fallback() : read(value);
    } catch (error) {
      violations.push(toViolation(field, name, error));
      return undefined as T;
    }
  };

  const receivedAt = context.now();
  checkNames(fields, field, violations);
  const id = take('id', readId, () => undefined);
  const message = take('message', readMessage, missingMessage);
  const level = take<Level>('level', readLevel, () => 'INFO');
  const severity = take('severity', readSeverity, () => 0);
  const timestamp = take(
    'timestamp',
    (value) => fromMicros(readTimestamp(value)),
    () => receivedAt,
  );
  const origin = take('origin', readName, () => defaults.origin);
  const source = take('source', readName, () => defaults.source);
  const type = take('type', readName, () => defaults.type);
  const group = take('group', readName, () => defaults.group);
  const tags = take(
    'tags',
    (value) => readTags(value, defaults.tags),
    () => defaults.tags,
  );
  const data = take(
    'data',
    (value) => readData(value, defaults.data),
    () => readDefaultData(defaults.data),
  );
  if (violations.length > 0) throw invalidEvent(violations);

  const event: Event = {
    ...{ id: id ?? context.newId(), message, level, severity, timestamp, receivedAt },
    ...{ origin, source, type, group, tags, data: data.value },
  };
  rememberDataJson(event, data.json);
  return event;
}

/** Checks defaults and lays them over those of a parent. @throws {VigilantError} `VIGILANT_EVENT_INVALID` */
export function resolveDefaults(
  defaults: EventDefaults,
  parent: ResolvedDefaults = NO_DEFAULTS,
): ResolvedDefaults {
  const known = ['origin', 'source', 'type', 'group', 'tags', 'data'];
  const violations: Violation[] = [];
  const take = <T>(name: keyof EventDefaults, read: (value: {}) => T, fallback: T): T => {
    const value = defaults[name];
    try {
      return value === undefined ? fallback : read(value);
    } catch (error) {
      violations.push(toViolation('defaults', name, error));
      return fallback;
    }
  };
  for (const name of Object.keys(defaults)) {
    if (known.includes(name)) continue;
    violations.push({
      field: `defaults.${name}`,
      code: 'unknown_field',
      reason: `there are ${known.join(', ')}`,
    });
  }
  const resolved = {
    origin: take('origin', readName, parent.origin),
    source: take('source', readName, parent.source),
    type: take('type', readName, parent.type),
    group: take('group', readName, parent.group),
    tags: take('tags', (value) => readTags(value, parent.tags), parent.tags),
    data: take('data', (value) => readData(value, parent.data).value, parent.data),
  };
  if (violations.length > 0) throw invalidEvent(violations);
  return Object.freeze(resolved);
}

const NO_DEFAULTS: ResolvedDefaults = {
  origin: '',
  source: '',
  type: 'log',
  group: 'default',
  tags: [],
  data: undefined,
};

function checkNames(fields: Fields, prefix: string, violations: Violation[]): void {
  try {
    for (const name in fields) {
      if (KNOWN.has(name) || !Object.hasOwn(fields, name) || fields[name] === undefined) continue;
      const near = nearName(name, FIELDS);
      const advice = near === undefined ? '; put it under data' : `; did you mean ${near}?`;
      const reason = `is no field of an event${advice}`;
      violations.push({ field: join(prefix, excerpt(name)), code: 'unknown_field', reason });
    }
  } catch (error) {
    violations.push(toViolation(prefix, '', error));
  }
}

function missingMessage(): string {
  throw fault('required', 'is required');
}

function readId(value: {}): string | undefined {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
    const id = String(value);
    return id === '0' ? undefined : id;
  }
  if (typeof value !== 'string')
    throw fault('wrong_type', 'must be text or an integer that a double holds exactly');
  if (value.length > MAX_ID_CHARACTERS)
    throw fault(
      'too_long',
      `has ${value.length} characters of at most ${MAX_ID_CHARACTERS}`,
      MAX_ID_CHARACTERS,
    );
  if (!/^[\x21-\x7e]*$/.test(value))
    throw fault('malformed', 'may hold only the visible ASCII characters U+0021 to U+007E', 'U+0021–U+007E');
  return value === '' || value === '0' ? undefined : value;
}

function readMessage(value: {}): string {
  const text = readText(value);
  // No character takes more than three bytes for each of its code units.
  if (text.length * 3 > MAX_MESSAGE_BYTES) {
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_MESSAGE_BYTES)
      throw fault(
        'too_long',
        `has ${bytes} bytes of UTF-8 of at most ${MAX_MESSAGE_BYTES}`,
        MAX_MESSAGE_BYTES,
      );
  }
  return text;
}

function readLevel(value: {}): Level {
  const text = readText(value);
  const level = parseLevel(text);
  if (level === undefined) throw fault('unknown_value', explainLevel(text));
  return level;
}

function readSeverity(value: {}): number {
  const number = typeof value === 'string' && /^[+-]?\d{1,20}$/.test(value) ? Number(value) : value;
  const severity = typeof number === 'bigint' ? Number(number) : number;
  if (typeof severity !== 'number') throw fault('wrong_type', 'must be an integer of 32 bits');
  if (Number.isInteger(severity) && severity >= MIN_SEVERITY && severity <= MAX_SEVERITY) return severity + 0;
  throw fault('out_of_range', `${severity} is no integer of 32 bits`, `${MIN_SEVERITY}–${MAX_SEVERITY}`);
}

function readName(value: {}): string {
  const text = readText(value);
  if (hasMoreCodePoints(text, MAX_NAME_CODE_POINTS))
    throw fault('too_long', `has more than ${MAX_NAME_CODE_POINTS} characters`, MAX_NAME_CODE_POINTS);
  return text;
}

function readTags(value: {}, defaults: readonly string[]): readonly string[] {
  const given: unknown = typeof value === 'string' ? value.split(',').map((tag) => tag.trim()) : value;
  if (!Array.isArray(given))
    throw fault('wrong_type', 'must be an array of texts, or one text with commas between');
  if (given.length === 0) return defaults;
  const tags = new Set(defaults);
  for (let index = 0; index < given.length; index += 1) {
    const tag = readTag(given[index], index);
    if (tag !== '') tags.add(tag);
    if (tags.size > MAX_TAGS) throw fault('too_many', `has more than ${MAX_TAGS} tags`, MAX_TAGS);
  }
  return [...tags];
}

function readTag(value: unknown, index: number): string {
  try {
    return readName(value as {});
  } catch (error) {
    throw error instanceof FaultError ? new FaultError(error.fault, `[${index}]`) : error;
  }
}

function readData(value: {}, defaults: JsonObject | undefined): { value: JsonObject; json: string } {
  if (typeof value !== 'object')
    throw fault('wrong_type', `must be an object, not ${typeof value}; put it under a key`);
  const own = toJsonObject(value);
  return sized(defaults === undefined ? own : merge(defaults, own));
}

function readDefaultData(defaults: JsonObject | undefined): { value: JsonObject; json: string } {
  return defaults === undefined ? { value: {}, json: '{}' } : sized(merge(defaults, {}));
}

function sized(value: JsonObject): { value: JsonObject; json: string } {
  const json = JSON.stringify(value);
  if (json.length * 3 > MAX_DATA_BYTES) {
    const bytes = Buffer.byteLength(json);
    if (bytes > MAX_DATA_BYTES)
      throw fault('too_large', `has ${bytes} bytes as JSON of at most ${MAX_DATA_BYTES}`, MAX_DATA_BYTES);
  }
  return { value, json };
}

/** Lays one object over another; `__proto__` is a key like any other. */
function merge(under: JsonObject, over: JsonObject): JsonObject {
  return Object.fromEntries([...Object.entries(under), ...Object.entries(over)]);
}

function readText(value: {}): string {
  if (typeof value === 'string') return toWellFormed(value);
  throw fault('wrong_type', `must be text, not ${Array.isArray(value) ? 'an array' : typeof value}`);
}

function toViolation(prefix: string, name: string, error: unknown): Violation {
  if (error instanceof FaultError) return { field: `${join(prefix, name)}${error.path}`, ...error.fault };
  return { field: join(prefix, name), code: 'malformed', reason: 'cannot be read' };
}

function join(prefix: string, name: string): string {
  return prefix === '' || name === '' ? prefix + name : `${prefix}.${name}`;
}
