/** An event or record that could not be stored, and the reason. Conflicting events with the same id share one letter. */
export interface DeadLetter {
  readonly key: string;
  /**
   * `rejected`: the store cannot hold the content. `id-conflict`: the id belongs to an event with different content.
   * `malformed`: the record is not a valid event.
   */
  readonly reason: 'rejected' | 'id-conflict' | 'malformed';
  /** Human-readable description of the failure. */
  readonly message: string;
  /** Number of events that the letter represents. Only the first is kept. A redelivered event may be counted again. */
  readonly count: number;
  /** When the first of them became a dead letter, in milliseconds since the epoch. */
  readonly at: number;
  /** When the last of them became a dead letter, in milliseconds since the epoch. */
  readonly lastAt: number;
  /** Id of the event. Absent for a malformed record. */
  readonly id?: string;
  /** Position of a malformed record in the broker. */
  readonly position?: string;
}

/**
 * Lists, reads, replays and deletes dead letters.
 *
 * `replay` and `delete` reject with `VIGILANT_READ_ONLY` if the store is read-only.
 */
export interface DeadLetters {
  /**
   * Lists letters by the time of their first event, oldest first.
   *
   * @param options - `after`: `next` of the previous page. `limit`: from 1 to 1,000, by default 100.
   * @throws {VigilantError} `VIGILANT_CURSOR_INVALID`, `VIGILANT_QUERY_INVALID`
   */
  list(options?: { readonly after?: string; readonly limit?: number }): Promise<DeadLetterPage>;
  /**
   * Returns a letter and its raw bytes: the encoded event, or the record as it was received. Returns `undefined` if the
   * letter does not exist.
   */
  get(key: string): Promise<{ readonly letter: DeadLetter; readonly bytes: Uint8Array } | undefined>;
  /**
   * Publishes the event again and deletes the letter.
   *
   * The letter is kept if another event is added to it in the meantime, such as this event if its id is still
   * taken. With a memory broker it is also kept until the event is stored.
   *
   * @throws {VigilantError} `VIGILANT_NOT_FOUND`, `VIGILANT_EVENT_INVALID`
   */
  replay(key: string): Promise<{ readonly id: string }>;
  /** Deletes a letter. Returns `false` if it does not exist. */
  delete(key: string): Promise<boolean>;
}

/** A page of dead letters. */
export interface DeadLetterPage {
  readonly letters: readonly DeadLetter[];
  /** `after` of the next page. Absent on the last page. */
  readonly next?: string;
}
