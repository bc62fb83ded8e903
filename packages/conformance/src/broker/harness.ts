import type { Broker } from '@vigilant/core';

/**
 * A broker to test, with data of its own.
 *
 * The suite opens and closes the brokers itself. It asks for a new harness for each case.
 */
export interface BrokerHarness {
  /** A broker that was not opened yet. */
  readonly broker: Broker;
  /**
   * Makes another broker object on the same data, not opened: what the next run of a program or, where brokers are
   * shared, another process would have. Needed unless `durability` is `memory`.
   */
  another?(): Broker | Promise<Broker>;
  /** Publishes bytes like an external producer. Without it, malformed records are not tested. */
  publishExternal?(bytes: Uint8Array): Promise<void>;
  /**
   * Makes every write to the data fail until a broker has noticed it, then lets writes succeed again and resolves.
   * Without it, a takeover whose write fails is not tested.
   */
  failWrites?(): Promise<void>;
  /** Deletes the data. The brokers are closed by then. */
  dispose(): void | Promise<void>;
}

/** Requested properties of the broker. Brokers without such an option ignore them. */
export interface BrokerHarnessOptions {
  /** How much the broker should hold before it is full, in bytes of encoded events. Absent: its default. */
  readonly capacityBytes?: number;
}
