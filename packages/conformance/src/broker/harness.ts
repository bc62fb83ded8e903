import type { Broker } from '@vigilant/core';

/**
 * A broker to test, with its own data.
 *
 * The suite opens and closes the brokers itself. It requests a new harness for each case.
 */
export interface BrokerHarness {
  /** The broker, not opened. */
  readonly broker: Broker;
  /**
   * Creates another broker object on the same data, not opened, like the next run of a program or, if brokers are
   * shared, another process. Required unless `durability` is `memory`.
   */
  another?(): Broker | Promise<Broker>;
  /** Publishes bytes like another producer. Without it, malformed records are not tested. */
  publishExternal?(bytes: Uint8Array): Promise<void>;
  /**
   * Makes every write to the data fail until a broker has noticed a failure, then restores writes and resolves.
   * Without it, a takeover whose write fails is not tested.
   */
  failWrites?(): Promise<void>;
  /** Deletes the data. Called after all brokers are closed. */
  dispose(): void | Promise<void>;
}

/** Requested properties of the broker. Brokers without such an option ignore them. */
export interface BrokerHarnessOptions {
  /** Capacity of the broker in bytes of encoded events. @defaultValue the default of the broker */
  readonly capacityBytes?: number;
}
