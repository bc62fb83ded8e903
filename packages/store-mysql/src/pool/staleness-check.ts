import type { DriverError } from '../connection/driver-errors';
import type { MysqlSession } from '../connection/mysql-session';
import type { Tables } from '../sql/tables';
import type { StoreState } from './store-state';
import { readState } from './store-state';

/**
 * Detects servers that lack the last write of this process.
 *
 * After a switchover, a connection for reading may still lead to the old primary, which lacks everything stored since.
 */
export interface StalenessCheck {
  /** Notes the state of the store on the server for writing. */
  note(state: StoreState): void;
  /**
   * Reads the state on a session, and destroys the session if its server is behind.
   *
   * @throws An error that counts as a lost connection, so that the work is repeated on a new one.
   */
  readChecked<T extends StoreState>(session: MysqlSession, read: () => Promise<T>): Promise<T>;
  /** Checks a session like `readChecked`, unless its server is known to have the last write. */
  check(session: MysqlSession, tables: Tables): Promise<void>;
}

/** Creates a check that accepts every server until a state is noted. */
export function createStalenessCheck(): StalenessCheck {
  return new StateComparison();
}

class StateComparison implements StalenessCheck {
  #noted: StoreState | undefined;
  /** The state that the server of each session had at the last check. */
  readonly #seen = new WeakMap<MysqlSession, StoreState>();

  note(state: StoreState): void {
    this.#noted = state;
  }

  async readChecked<T extends StoreState>(session: MysqlSession, read: () => Promise<T>): Promise<T> {
    // The read may miss what is written while it runs.
    const noted = this.#noted;
    const state = await read();
    if (noted === undefined || noted.epoch !== state.epoch || hasAll(state, noted)) {
      this.#seen.set(session, state);
      return state;
    }
    const error = serverBehind(state, noted);
    session.destroy(error);
    throw error;
  }

  async check(session: MysqlSession, tables: Tables): Promise<void> {
    const noted = this.#noted;
    const seen = this.#seen.get(session);
    if (noted === undefined) return;
    if (seen !== undefined && seen.epoch === noted.epoch && hasAll(seen, noted)) return;
    await this.readChecked(session, () => readState(session, tables));
  }
}

function hasAll(state: StoreState, noted: StoreState): boolean {
  return state.lastSequence >= noted.lastSequence && state.lastRevision >= noted.lastRevision;
}

const SERVER_BEHIND = 'SERVER_BEHIND';

/** Creates the error of a server that lacks a write of this process. It counts as a lost connection. */
function serverBehind(state: StoreState, noted: StoreState): Error {
  const missing =
    state.lastSequence < noted.lastSequence
      ? `has events up to sequence ${state.lastSequence}, but this process has stored sequence ${noted.lastSequence}`
      : `has documents up to revision ${state.lastRevision}, but this process has stored revision ${noted.lastRevision}`;
  const message = `the server ${missing}. Read from the server that accepts the writes. After restoring an older backup, set a new epoch`;
  const properties: DriverError = { code: SERVER_BEHIND, fatal: true };
  return Object.assign(new Error(message), properties);
}

/** Returns whether the server of a read lacks a write of this process. */
export function isBehind(error: unknown): boolean {
  return (error as Partial<DriverError>).code === SERVER_BEHIND;
}
