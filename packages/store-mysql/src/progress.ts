import { serverBehind } from './errors';
import type { Session } from './session';
import type { Tables } from './tables';

/** The state of a store at one moment. */
export interface StoreState {
  readonly epoch: string;
  readonly lastSequence: number;
}

/** Reads the state that a session's server shows. */
export async function readState(session: Session, { store }: Tables): Promise<StoreState> {
  const [row = []] = await session.rows(`SELECT \`epoch\`, \`last_sequence\` FROM ${store}`);
  return { epoch: String(row[0]), lastSequence: Number(row[1]) };
}

/**
 * Remembers the last append, and finds the servers that do not show it.
 *
 * After a switchover a connection for reading may still lead to the old primary, whose answers would lack what is stored now.
 */
export class Progress {
  #stored: StoreState | undefined;

  /** Notes the state that the server for writing shows. */
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
