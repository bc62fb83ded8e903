import type { EventRow } from './binary-encoding';
import { NO_TAGS } from './binary-encoding';
import { eventFromParts } from './codec';
import type { EncodedHead } from './encoded-parts';
import type { Event, JsonObject, Level, StoredEvent } from './event';
import { LEVELS } from './event';
import { fromMicros } from './timestamp';

/** The values of a row by column. */
type RowValues = Readonly<Record<number, unknown>>;

/**
 * An event backed by a row of a SQL store. Fields are parsed on access.
 *
 * The values of the row are, in this order: sequence, id, timestamp and receivedAt in microseconds, rank of the level,
 * severity, message, origin, source, type, group, tags as JSON, data as JSON. Numbers may be strings.
 */
export class RowEvent implements Event {
  readonly #row: RowValues;
  readonly #readId: (value: unknown) => string;
  #tags: readonly string[] | undefined;
  #data: JsonObject | undefined;

  /** @param readId - Decodes the id column. */
  constructor(row: RowValues, readId: (value: unknown) => string) {
    this.#row = row;
    this.#readId = readId;
  }
  get sequence(): number {
    return Number(this.#row[0]);
  }
  get id(): string {
    return this.#readId(this.#row[1]);
  }
  /** The timestamp in integer microseconds. */
  get micros(): number {
    return Number(this.#row[2]);
  }
  get timestamp(): number {
    return fromMicros(this.micros);
  }
  get receivedAt(): number {
    return fromMicros(Number(this.#row[3]));
  }
  get level(): Level {
    return LEVELS[Number(this.#row[4])] as Level;
  }
  get severity(): number {
    return Number(this.#row[5]);
  }
  get message(): string {
    return this.#row[6] as string;
  }
  get origin(): string {
    return this.#row[7] as string;
  }
  get source(): string {
    return this.#row[8] as string;
  }
  get type(): string {
    return this.#row[9] as string;
  }
  get group(): string {
    return this.#row[10] as string;
  }
  get tags(): readonly string[] {
    return (this.#tags ??=
      this.#row[11] === NO_TAGS ? [] : (JSON.parse(this.#row[11] as string) as string[]));
  }
  get data(): JsonObject {
    return (this.#data ??= JSON.parse(this.dataJson) as JsonObject);
  }
  /** The data as JSON. */
  get dataJson(): string {
    return this.#row[12] as string;
  }
  /** All fields except the data, with times in integer microseconds. */
  get head(): EncodedHead {
    const { id, message, level, severity, origin, source, type, group, tags } = this;
    const [timestamp, receivedAt] = [this.micros, Number(this.#row[3])];
    return { id, message, level, severity, timestamp, receivedAt, origin, source, type, group, tags };
  }
  /** Returns all fields as a store keeps them, without parsing them. */
  toRow(): EventRow {
    const { id, micros, severity, message, origin, source, type, group, dataJson } = this;
    return {
      id,
      timestamp: micros,
      receivedAt: Number(this.#row[3]),
      level: Number(this.#row[4]),
      severity,
      message,
      origin,
      source,
      type,
      group,
      tags: this.#row[11] as string,
      data: dataJson,
    };
  }
  /** Decodes every field. */
  toStoredEvent(): StoredEvent {
    return { ...eventFromParts(this.head, this.dataJson), sequence: this.sequence };
  }
}
