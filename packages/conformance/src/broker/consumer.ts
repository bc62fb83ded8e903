import assert from 'node:assert/strict';
import type { Broker, Delivery } from '@vigilant/core';
import { settles, within } from '../waiting';

/** Takes deliveries one by one, as a test wants them. */
export interface Consumer {
  /** The next delivery; fails when none comes. */
  next(): Promise<Delivery>;
  /** Deliveries until they hold so many events together; fails when they do not come. */
  until(events: number): Promise<readonly Delivery[]>;
  /** Deliveries up to the one that holds the event with this id. */
  untilId(id: string): Promise<readonly Delivery[]>;
  /** Tells whether a delivery comes now or within a short time. It is kept for `next`. */
  hasNext(): Promise<boolean>;
  /** Waits until the broker ends the iteration; fails when it delivers instead or does not end. */
  ended(): Promise<void>;
  /** Ends the iteration by its signal. */
  stop(): Promise<void>;
  /** Aborts the signal without waiting. */
  abort(): void;
}

/** Starts to consume; the first delivery is asked for when a test asks for it. */
export function createConsumer(
  broker: Broker,
  { maxBytes, patienceMs }: { readonly maxBytes?: number; readonly patienceMs: number },
): Consumer {
  const controller = new AbortController();
  const options = { signal: controller.signal, ...(maxBytes === undefined ? {} : { maxBytes }) };
  const iterator = broker.consume(options)[Symbol.asyncIterator]();
  let asked: Promise<IteratorResult<Delivery>> | undefined;

  const ask = (): Promise<IteratorResult<Delivery>> => {
    asked ??= iterator.next();
    return asked;
  };
  const take = async (what: string): Promise<IteratorResult<Delivery>> => {
    const result = await within(patienceMs, what, ask());
    asked = undefined;
    return result;
  };
  const next = async (): Promise<Delivery> => {
    const result = await take('a delivery');
    assert.ok(result.done !== true, 'The broker ended the iteration instead of delivering.');
    return result.value;
  };
  const takeUntil = async (
    isEnough: (taken: readonly Delivery[]) => boolean,
  ): Promise<readonly Delivery[]> => {
    const taken: Delivery[] = [];
    while (!isEnough(taken)) taken.push(await next());
    return taken;
  };

  return {
    next,
    until: (events) => takeUntil((taken) => eventsOf(taken).length >= events),
    untilId: (id) => takeUntil((taken) => idsOf(taken).includes(id)),
    hasNext: () => settles(ask()),
    async ended() {
      const result = await take('the end of the iteration');
      assert.ok(result.done === true, 'The broker delivers although the iteration must end.');
    },
    async stop() {
      controller.abort();
      // A delivery that was asked for may still come.
      if (asked !== undefined) await take('the end of the iteration');
      await within(patienceMs, 'the end of the iteration', Promise.resolve(iterator.return?.()));
    },
    abort: () => controller.abort(),
  };
}

/** All events of some deliveries, in order. */
export function eventsOf(deliveries: readonly Delivery[]): readonly Delivery['events'][number][] {
  return deliveries.flatMap(({ events }) => events);
}

/** The ids of all events of some deliveries, in order. */
export function idsOf(deliveries: readonly Delivery[]): readonly string[] {
  return eventsOf(deliveries).map(({ id }) => id);
}

/** Acknowledges deliveries one after another. */
export async function ackAll(deliveries: readonly Delivery[]): Promise<void> {
  for (const delivery of deliveries) await delivery.ack();
}
