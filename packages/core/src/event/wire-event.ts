import { Ranges } from '../util/ranges';
import { MAX_TAGS } from './limits';

/** The texts of a `WireEvent` except its tags, in the order in which version 2 of the encoding stores them. Data is JSON. */
export const WIRE_TEXTS = { id: 0, message: 1, origin: 2, source: 3, type: 4, group: 5, data: 6 } as const;

/** The number of a text of a `WireEvent`. */
export type WireText = (typeof WIRE_TEXTS)[keyof typeof WIRE_TEXTS];

const TEXTS = Object.keys(WIRE_TEXTS).length;

const ABSENT = -1;

const NO_BYTES = Buffer.alloc(0);

/**
 * The fields of an event as a transport received them. Its texts are ranges of one buffer, which need not be valid UTF-8. One
 * object is used for many events, one after another.
 */
export class WireEvent {
  /** The buffer with the texts. */
  bytes: Buffer = NO_BYTES;
  /** The level as its index in `LEVELS`; `undefined` if the event has none. */
  rank: number | undefined;
  /** A 32-bit integer. */
  severity = 0;
  /** In integer microseconds; `undefined` if the event has none. */
  timestamp: number | undefined;
  readonly tags = new Ranges();
  readonly #starts = new Int32Array(TEXTS);
  readonly #ends = new Int32Array(TEXTS);

  /** Removes all fields. @param bytes - The buffer with the texts of the next event. */
  clear(bytes: Buffer): void {
    this.bytes = bytes;
    this.rank = undefined;
    this.severity = 0;
    this.timestamp = undefined;
    this.tags.clear();
    this.#starts.fill(ABSENT);
  }

  setText(text: WireText, start: number, end: number): void {
    this.#starts[text] = start;
    this.#ends[text] = end;
  }

  /** Adds a tag. Returns `false` if the event already has `MAX_TAGS`, because this object is reused and must stay small. */
  addTag(start: number, end: number): boolean {
    if (this.tags.count >= MAX_TAGS) return false;
    this.tags.add(start, end);
    return true;
  }

  has(text: WireText): boolean {
    return this.#starts[text] !== ABSENT;
  }

  /** Returns where a text starts. It must not be absent. */
  startOf(text: WireText): number {
    return this.#starts[text] as number;
  }

  /** Returns where a text ends. It must not be absent. */
  endOf(text: WireText): number {
    return this.#ends[text] as number;
  }
}
