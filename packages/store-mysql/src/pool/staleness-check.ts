import { serverBehind } from '../connection/driver-errors';
import type { Session } from '../connection/mysql-session';
import type { Tables } from '../sql/tables';

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
  /** The state that the server of each session had at the last check. */
  readonly #seen = new WeakMap<Session, StoreState>();

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
    if (stored === undefined || stored.epoch !== state.epoch || state.lastSequence >= stored.lastSequence) {
      this.#seen.set(session, state);
      return state;
    }
    const error = serverBehind(state.lastSequence, stored.lastSequence);
    session.destroy(error);
    throw error;
  }

  /** Checks a session like `checked`, unless its server was seen to have the last append. */
  async check(session: Session, tables: Tables): Promise<void> {
    const stored = this.#stored;
    const seen = this.#seen.get(session);
    if (stored === undefined) return;
    if (seen?.epoch === stored.epoch && seen.lastSequence >= stored.lastSequence) return;
    await this.checked(session, () => readState(session, tables));
  }
}
