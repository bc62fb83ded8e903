/** An event that could not be stored, and why. Events with an id that is taken share one letter per id. */
export interface DeadLetter {
  readonly key: string;
  readonly reason: 'rejected' | 'id-conflict' | 'malformed';
  readonly message: string;
  /** How many events it stands for, of which it keeps the first. A redelivered event may be counted again. */
  readonly count: number;
  /** When the first of them became a dead letter, in milliseconds. */
  readonly at: number;
  /** When the last one did, in milliseconds. */
  readonly lastAt: number;
  /** Of the event, if it is one. */
  readonly id?: string;
  /** Of the record in the broker, if it is none. */
  readonly position?: string;
}

/** Lists, reads, replays and deletes dead letters. */
export interface DeadLetters {
  /** Lists letters by the time of their first event, the oldest first. */
  list(options?: { readonly after?: string; readonly limit?: number }): Promise<DeadLetterPage>;
  /** The letter and its raw bytes: the encoded event, or the record as it came. */
  get(key: string): Promise<{ readonly letter: DeadLetter; readonly bytes: Uint8Array } | undefined>;
  /**
   * Publishes the event again and deletes the letter, which stays when another event is added to it meanwhile, such as
   * this one because its id is still taken. With a memory broker it also stays until the event is stored.
   *
   * @throws {VigilantError} `VIGILANT_NOT_FOUND`, `VIGILANT_EVENT_INVALID`
   */
  replay(key: string): Promise<{ readonly id: string }>;
  delete(key: string): Promise<boolean>;
}

/** Some dead letters, by key. */
export interface DeadLetterPage {
  readonly letters: readonly DeadLetter[];
  readonly next?: string;
}
