import { serverBehind } from './errors';
import type { Session } from './session';

/** The state of a store at one moment. */
export interface StoreState {
  readonly epoch: string;
  readonly lastSequence: number;
}

/**
 * Remembers the last append, and finds the servers that do not show it.
 *
 * After a switchover a connection for reading may still lead to the old primary, whose answers would lack what is stored now.
 */
export class Progress {
  #stored: StoreState | undefined;

  /** Notes the state after a commit of this process. */
  note({ epoch, lastSequence }: StoreState): void {
    this.#stored = { epoch, lastSequence };
  }

  /**
   * Reads the state on a session, and ends the session when its server is behind.
   *
   * @throws an error that counts as a lost connection, so that the work is repeated on a new one
   */
  async checked<T extends StoreState>(session: Session, read: () => Promise<T>): Promise<T> {
    // What is stored while this reads may be missing.
    const stored = this.#stored;
    const state = await read();
    if (stored === undefined || stored.epoch !== state.epoch || state.lastSequence >= stored.lastSequence)
      return state;
    const error = serverBehind(state.lastSequence, stored.lastSequence);
    session.destroy(error);
    throw error;
  }
}
