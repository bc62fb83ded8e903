import type { Broker, Delivery, Event } from '@vigilant/core';

/** A broker that breaks one promise. */
export interface BrokenBroker {
  readonly name: string;
  /**
   * What it does otherwise than a broker that keeps its promises.
   *
   * `ids` is one and the same for all brokers on the same data.
   */
  readonly change: (broker: Broker, ids: Set<string>) => Partial<Broker>;
  /** The ids of the cases that must fail, all of them. */
  readonly fails: readonly string[];
}

/** Changes each delivery, or leaves it out. */
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

/** Changes what a watch shows. */
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

/** A signal that nobody aborts. */
export const never = new AbortController().signal;
