/** The four levels, lowest first. The index of a level is its rank. */
export const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

/** Level of an event. */
export type Level = (typeof LEVELS)[number];

/** A JSON value. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object. All keys are plain data, including `__proto__`. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * A normalised event: every field is present and within its limit.
 *
 * Times are milliseconds since the epoch with microseconds as the fraction, so `new Date(event.timestamp)` works.
 * `toMicros` converts them to integer microseconds exactly.
 */
export interface Event {
  /** 1–128 characters U+0021–U+007E, compared bytewise. */
  readonly id: string;
  /** Up to 64 KiB of UTF-8. */
  readonly message: string;
  readonly level: Level;
  /** 32-bit integer. The sender defines its meaning. */
  readonly severity: number;
  /** When the event occurred, in milliseconds, within ±2^43 ms of 1970. */
  readonly timestamp: number;
  /** When the engine accepted the event, in milliseconds. Used for retention by age. */
  readonly receivedAt: number;
  /** Host or service that logged the event. Up to 255 characters, as are the following fields. */
  readonly origin: string;
  /** Part of the origin that logged the event: a module, a file, a logger. */
  readonly source: string;
  readonly type: string;
  readonly group: string;
  /** Up to 64 different tags, in the order given by the sender. */
  readonly tags: readonly string[];
  /** Up to 256 KiB of UTF-8 as JSON, nested at most 32 levels deep. */
  readonly data: JsonObject;
}

/** An event from a store. */
export interface StoredEvent extends Event {
  /** Order of arrival in the store: a positive integer that is never reused. */
  readonly sequence: number;
}

/** A timestamp in any accepted form, see `parseTimestamp`. */
export type TimestampInput = Date | string | number | bigint;

/**
 * Input for an event. Only `message` is required; fields that are `null` or `undefined` get their default.
 *
 * Invalid values are rejected with the path of the field, a code, a reason and the limit. They are never replaced by a
 * default silently.
 */
export interface EventInput {
  /** Identifies the event when it is sent again. @defaultValue a new UUIDv7 */
  readonly id?: string | number | bigint | null | undefined;
  readonly message: string;
  /** Name of a level in any case. Names of syslog and other loggers, such as NOTICE, are mapped. @defaultValue `'INFO'` */
  readonly level?: string | null | undefined;
  /** @defaultValue 0 */
  readonly severity?: number | string | bigint | null | undefined;
  /** @defaultValue the current time */
  readonly timestamp?: TimestampInput | null | undefined;
  /** @defaultValue `''` */
  readonly origin?: string | null | undefined;
  /** @defaultValue `''` */
  readonly source?: string | null | undefined;
  /** @defaultValue `'log'` */
  readonly type?: string | null | undefined;
  /** @defaultValue `'default'` */
  readonly group?: string | null | undefined;
  /** An array, or one string with tags separated by commas. @defaultValue `[]` */
  readonly tags?: readonly string[] | string | null | undefined;
  /** Any object. Errors, bigints, Dates, Maps and cycles become readable JSON. @defaultValue `{}` */
  readonly data?: object | null | undefined;
}

/** Default values of event fields. */
export interface EventDefaults {
  /** @defaultValue `''` */
  readonly origin?: string | undefined;
  /** @defaultValue `''` */
  readonly source?: string | undefined;
  /** @defaultValue `'log'` */
  readonly type?: string | undefined;
  /** @defaultValue `'default'` */
  readonly group?: string | undefined;
  /** Tags that precede those of the event. @defaultValue `[]` */
  readonly tags?: readonly string[] | undefined;
  /** Top-level keys that are added to the data of the event unless it has them. @defaultValue `{}` */
  readonly data?: object | undefined;
}
