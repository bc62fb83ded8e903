import type { Json, JsonObject, Level } from '../api/types';
import { splitPath } from '../text/field-value';

export const VALUE_TYPES = ['text', 'number', 'boolean', 'null', 'json'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** A field of data, as typed. */
export interface DataRow {
  /** A path such as `provider.name`, or `"odd key".x`. */
  readonly key: string;
  readonly type: ValueType;
  readonly value: string;
}

/** The fields of an event, as typed into the form. */
export interface Draft {
  readonly message: string;
  readonly level: Level;
  readonly source: string;
  readonly origin: string;
  readonly type: string;
  readonly group: string;
  /** Separated by commas. */
  readonly tags: string;
  /** Empty for the time at which the server receives the event. */
  readonly timestamp: string;
  readonly data: readonly DataRow[];
}

/** Why a row of data has no value. */
export type DataFault = 'noKey' | 'notNumber' | 'notBoolean' | 'notJson' | 'taken';

export interface DataResult {
  readonly data: JsonObject;
  /** Faults by the index of the row. */
  readonly faults: ReadonlyMap<number, DataFault>;
}

export const EMPTY_DRAFT: Draft = {
  message: 'hello from the console',
  level: 'INFO',
  source: 'console',
  origin: '',
  type: '',
  group: '',
  tags: '',
  timestamp: '',
  data: [],
};

/** Returns the event of a draft. Fields that are empty are left to the defaults of the server. */
export function toEvent(draft: Draft): JsonObject {
  const { message, level, source, origin, type, group, timestamp } = draft;
  const tags = draft.tags
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  const { data } = toData(draft.data);
  const entries: [string, Json][] = [
    ['message', message],
    ['level', level],
    ...Object.entries({ source, origin, type, group, timestamp: timestamp.trim() }).filter(
      ([, value]) => value !== '',
    ),
    ...(tags.length === 0 ? [] : [['tags', tags] as [string, Json]]),
    ...(Object.keys(data).length === 0 ? [] : [['data', data] as [string, Json]]),
  ];
  return Object.fromEntries(entries);
}

/** Returns the data of the rows. A row without key and value is ignored. */
export function toData(rows: readonly DataRow[]): DataResult {
  const data: Record<string, Json> = {};
  const faults = new Map<number, DataFault>();
  for (const [index, row] of rows.entries()) {
    if (row.key.trim() === '' && row.value === '') continue;
    const value = toValue(row);
    const fault = typeof value === 'object' && value !== null && 'fault' in value ? value.fault : undefined;
    if (row.key.trim() === '') faults.set(index, 'noKey');
    else if (fault !== undefined) faults.set(index, fault);
    else if (!setAt(data, splitPath(`data.${row.key.trim()}`), (value as { json: Json }).json))
      faults.set(index, 'taken');
  }
  return { data, faults };
}

/** Returns the draft of an event in JSON, or `undefined` if it has fields that the form does not. */
export function fromEvent(event: JsonObject): Draft | undefined {
  const { tags = [], data = {}, level = 'INFO', ...rest } = event;
  const texts = Object.entries(rest);
  const isText = ([name, value]: [string, Json]) =>
    name in EMPTY_DRAFT && (typeof value === 'string' || (name === 'timestamp' && typeof value === 'number'));
  if (!texts.every(isText) || !isLevel(level) || !isObject(data)) return undefined;
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string' && !tag.includes(',')))
    return undefined;
  const fields = Object.fromEntries(texts.map(([name, value]) => [name, String(value)]));
  return {
    ...EMPTY_DRAFT,
    message: '',
    source: '',
    ...fields,
    level,
    tags: tags.join(', '),
    data: toRows(data),
  };
}

function toRows(data: JsonObject): readonly DataRow[] {
  return Object.entries(data).map(([name, value]) => {
    const key = /^[^\s"().,:=<>!*\\]+$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
    if (typeof value === 'string') return { key, type: 'text', value };
    if (value === null) return { key, type: 'null', value: '' };
    if (typeof value === 'object') return { key, type: 'json', value: JSON.stringify(value) };
    return { key, type: typeof value === 'number' ? 'number' : 'boolean', value: String(value) };
  });
}

function toValue({ type, value }: DataRow): { readonly json: Json } | { readonly fault: DataFault } {
  switch (type) {
    case 'text':
      return { json: value };
    case 'null':
      return { json: null };
    case 'boolean':
      return /^(true|false)$/.test(value.trim())
        ? { json: value.trim() === 'true' }
        : { fault: 'notBoolean' };
    case 'number':
      return toNumber(value.trim());
    case 'json':
      return parseJson(value);
  }
}

/** A whole number that JavaScript cannot represent is sent as its digits, which is how the server keeps it. */
function toNumber(text: string): { readonly json: Json } | { readonly fault: DataFault } {
  const number = Number(text);
  if (text === '' || !Number.isFinite(number)) return { fault: 'notNumber' };
  return { json: /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? text : number };
}

function parseJson(text: string): { readonly json: Json } | { readonly fault: DataFault } {
  try {
    return { json: JSON.parse(text) as Json };
  } catch {
    return { fault: 'notJson' };
  }
}

/** Sets a value at a path. Returns `false` if another row has set it, or a part of its path. */
function setAt(data: Record<string, Json>, keys: readonly string[], value: Json): boolean {
  const [key = '', ...rest] = keys;
  const isTaken = Object.hasOwn(data, key);
  if (rest.length === 0) {
    if (!isTaken) define(data, key, value);
    return !isTaken;
  }
  if (!isTaken) define(data, key, {});
  const child = data[key];
  return child !== undefined && isObject(child) && setAt(child as Record<string, Json>, rest, value);
}

/** Also sets keys such as `__proto__`. */
function define(data: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(data, key, { value, enumerable: true, configurable: true, writable: true });
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLevel(value: Json): value is Level {
  return typeof value === 'string' && /^(DEBUG|INFO|WARN|ERROR)$/.test(value);
}
