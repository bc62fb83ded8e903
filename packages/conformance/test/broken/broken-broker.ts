import type { Broker, Delivery, Event } from '@vigilant/core';

/** A broker that breaks one guarantee. */
export interface BrokenBroker {
  readonly name: string;
  /**
   * Returns the methods that differ from those of a correct broker.
   *
   * `ids` is shared by all brokers on the same data.
   */
  readonly change: (broker: Broker, ids: Set<string>) => Partial<Broker>;
  /** Ids of all cases that must fail. */
  readonly fails: readonly string[];
}

/** Changes each delivery, or omits it. */
export const changeDeliveries =
  (change: (delivery: Delivery) => Delivery | undefined) =>
  (broker: Broker): Partial<Broker> => ({
    async *consume(options) {
      for await (const delivery of broker.consume(options)) {
        const changed = change(delivery);
        if (changed !== undefined) yield changed;
      }
    },
  });

/** Changes the events of a watch. */
export const changeWatches =
  (change: (events: readonly Event[]) => readonly Event[]) =>
  (broker: Broker): Partial<Broker> => ({
    async watch(options) {
      const watch = await broker.watch(options);
      return (async function* () {
        for await (const events of watch) yield change(events);
      })();
    },
  });

/** A signal that is never aborted. */
export const never = new AbortController().signal;
