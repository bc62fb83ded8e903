/** The four levels, lowest first; the index is the level's rank. */
export const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

/** How much an event matters. */
export type Level = (typeof LEVELS)[number];

/** A value that JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object. Its keys, `__proto__` included, are data and nothing else. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * A normalised event: every field present, every value within its limit.
 *
 * Times are numbers of milliseconds since the epoch with microseconds as the
 * fraction, so `new Date(event.timestamp)` works; `toMicros` gives the exact integer.
 */
export interface Event {
  /** 1–128 characters U+0021–U+007E, compared bytewise. */
  readonly id: string;
  /** Up to 64 KiB of UTF-8. */
  readonly message: string;
  readonly level: Level;
  /** A 32-bit integer whose meaning is the sender's. */
  readonly severity: number;
  /** When it happened, in milliseconds, within ±2^43 of 1970. */
  readonly timestamp: number;
  /** When the engine accepted it, in milliseconds. Retention by age goes by it. */
  readonly receivedAt: number;
  /** Where it came from: a host or a service. */
  readonly origin: string;
  /** What in the origin spoke: a module, a file, a logger. */
  readonly source: string;
  readonly type: string;
  readonly group: string;
  /** Up to 64 tags, in the sender's order, none twice. */
  readonly tags: readonly string[];
  /** Up to 256 KiB of UTF-8 as JSON, nested at most 32 deep. */
  readonly data: JsonObject;
}

/** An event as a store returns it. */
export interface StoredEvent extends Event {
  /** Order of arrival in the store: a positive integer, never used twice. */
  readonly sequence: number;
}

/** What a timestamp may be given as; see `parseTimestamp`. */
export type TimestampInput = Date | string | number | bigint;

/**
 * An event as a caller may give it. Only `message` is required.
 *
 * Anything outside these limits is refused with the field's path, a code, a
 * reason and the limit; nothing becomes a quiet default.
 */
export interface EventInput {
  /** Given by the sender so that a resend is recognised. @defaultValue a new UUIDv7 */
  readonly id?: string | number | bigint | null;
  readonly message: string;
  /** In any case; names of syslog and of other loggers such as NOTICE and FATAL are mapped. @defaultValue `'INFO'` */
  readonly level?: string | null;
  /** @defaultValue 0 */
  readonly severity?: number | string | bigint | null;
  /** @defaultValue now */
  readonly timestamp?: TimestampInput | null;
  readonly origin?: string | null;
  readonly source?: string | null;
  readonly type?: string | null;
  readonly group?: string | null;
  /** An array, or one string with commas between. */
  readonly tags?: readonly string[] | string | null;
  /** Any object; Error, BigInt, Date, Map and cycles are made readable. */
  readonly data?: object | null;
}

/** Values for the fields that a sender leaves out. */
export interface EventDefaults {
  /** @defaultValue `''` */
  readonly origin?: string;
  /** @defaultValue `''` */
  readonly source?: string;
  /** @defaultValue `'log'` */
  readonly type?: string;
  /** @defaultValue `'default'` */
  readonly group?: string;
  /** Added before the event's own tags. @defaultValue `[]` */
  readonly tags?: readonly string[];
  /** Merged under the event's own data, whose keys win. @defaultValue `{}` */
  readonly data?: object;
}
