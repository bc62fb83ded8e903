import { serverBehind } from './errors';
import type { Session } from './session';
import type { Tables } from './tables';

/** The state of a store at one moment. */
export interface StoreState {
  readonly epoch: string;
  readonly lastSequence: number;
}

/** Reads the state of the store on the server of a session. */
export async function readState(session: Session, { store }: Tables): Promise<StoreState> {
  const [row = []] = await session.rows(`SELECT \`epoch\`, \`last_sequence\` FROM ${store}`);
  return { epoch: String(row[0]), lastSequence: Number(row[1]) };
}

/**
 * Remembers the last append, and detects servers that lack it.
 *
 * After a switchover, a connection for reading may still lead to the old primary, which lacks everything stored since.
 */
export class Progress {
  #stored: StoreState | undefined;

  /** Notes the state of the store on the server for writing. */
  note({ epoch, lastSequence }: StoreState): void {
    this.#stored = { epoch, lastSequence };
  }

  /**
   * Reads the state on a session, and destroys the session if its server is behind.
   *
   * @throws An error that counts as a lost connection, so that the work is repeated on a new one.
   */
  async checked<T extends StoreState>(session: Session, read: () => Promise<T>): Promise<T> {
    // Events that are stored during the read may be missing from it.
    const stored = this.#stored;
    const state = await read();
    if (stored === undefined || stored.epoch !== state.epoch || state.lastSequence >= stored.lastSequence)
      return state;
    const error = serverBehind(state.lastSequence, stored.lastSequence);
    session.destroy(error);
    throw error;
  }
}
