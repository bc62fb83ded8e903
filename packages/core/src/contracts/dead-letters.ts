/** An event that could not be stored, and the reason. Events whose id is already taken share one letter per id. */
export interface DeadLetter {
  readonly key: string;
  readonly reason: 'rejected' | 'id-conflict' | 'malformed';
  readonly message: string;
  /** Number of events it represents; only the first is kept. A redelivered event may be counted again. */
  readonly count: number;
  /** When the first of them became a dead letter, in milliseconds. */
  readonly at: number;
  /** When the last of them became a dead letter, in milliseconds. */
  readonly lastAt: number;
  /** Id of the event. Absent for a malformed record. */
  readonly id?: string;
  /** Position of a malformed record in the broker. */
  readonly position?: string;
}

/** Lists, reads, replays and deletes dead letters. */
export interface DeadLetters {
  /**
   * Lists letters by the time of their first event, oldest first.
   *
   * @param options - `after`: the `next` of a page. `limit`: from 1 to 1,000, by default 100.
   * @throws {VigilantError} `VIGILANT_CURSOR_INVALID`, `VIGILANT_QUERY_INVALID`
   */
  list(options?: { readonly after?: string; readonly limit?: number }): Promise<DeadLetterPage>;
  /** Returns a letter and its raw bytes: the encoded event, or the record as it was received. */
  get(key: string): Promise<{ readonly letter: DeadLetter; readonly bytes: Uint8Array } | undefined>;
  /**
   * Publishes the event again and deletes the letter.
   *
   * The letter is kept if another event is added to it in the meantime, for example this event because its id is still
   * taken. With a memory broker it is also kept until the event is stored.
   *
   * @throws {VigilantError} `VIGILANT_NOT_FOUND`, `VIGILANT_EVENT_INVALID`
   */
  replay(key: string): Promise<{ readonly id: string }>;
  delete(key: string): Promise<boolean>;
}

/** One page of dead letters, in order of their keys. */
export interface DeadLetterPage {
  readonly letters: readonly DeadLetter[];
  readonly next?: string;
}
