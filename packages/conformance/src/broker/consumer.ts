import assert from 'node:assert/strict';
import type { Broker, Delivery } from '@vigilant/core';
import { settles, within } from '../waiting';

/** Consumes deliveries one by one. */
export interface Consumer {
  /** Returns the next delivery. Fails after the time limit. */
  next(): Promise<Delivery>;
  /** Returns deliveries that contain this number of events together. Fails after the time limit. */
  until(events: number): Promise<readonly Delivery[]>;
  /** Returns the deliveries up to the one that contains the event with this id. */
  untilId(id: string): Promise<readonly Delivery[]>;
  /** Returns whether a delivery arrives within a short time. `next` returns it. */
  hasNext(): Promise<boolean>;
  /** Waits until the broker ends the iteration. Fails if it delivers or does not end. */
  ended(): Promise<void>;
  /** Ends the iteration with its signal. */
  stop(): Promise<void>;
  /** Aborts the signal without waiting. */
  abort(): void;
}

/** Creates a consumer. It requests the first delivery when a test does. */
export function createConsumer(
  broker: Broker,
  { maxBytes, patienceMs }: { readonly maxBytes?: number; readonly patienceMs: number },
): Consumer {
  const controller = new AbortController();
  const options = { signal: controller.signal, ...(maxBytes === undefined ? {} : { maxBytes }) };
  const iterator = broker.consume(options)[Symbol.asyncIterator]();
  let requested: Promise<IteratorResult<Delivery>> | undefined;

  const request = (): Promise<IteratorResult<Delivery>> => {
    requested ??= iterator.next();
    return requested;
  };
  const take = async (what: string): Promise<IteratorResult<Delivery>> => {
    const result = await within(patienceMs, what, request());
    requested = undefined;
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
    hasNext: () => settles(request()),
    async ended() {
      const result = await take('the end of the iteration');
      assert.ok(result.done === true, 'The broker delivered instead of ending the iteration.');
    },
    async stop() {
      controller.abort();
      // A requested delivery may still arrive.
      if (requested !== undefined) await take('the end of the iteration');
      await within(patienceMs, 'the end of the iteration', Promise.resolve(iterator.return?.()));
    },
    abort: () => controller.abort(),
  };
}

/** Returns all events of some deliveries, in order. */
export function eventsOf(deliveries: readonly Delivery[]): readonly Delivery['events'][number][] {
  return deliveries.flatMap(({ events }) => events);
}

/** Returns the ids of all events of some deliveries, in order. */
export function idsOf(deliveries: readonly Delivery[]): readonly string[] {
  return eventsOf(deliveries).map(({ id }) => id);
}

/** Acknowledges deliveries one after another. */
export async function ackAll(deliveries: readonly Delivery[]): Promise<void> {
  for (const delivery of deliveries) await delivery.ack();
}

/** Consumes and acknowledges deliveries until a promise settles. Returns the ids of the delivered events. */
export async function drainUntil(consumer: Consumer, promise: Promise<unknown>): Promise<readonly string[]> {
  const ids: string[] = [];
  while (!(await settles(promise, 10))) {
    if (!(await consumer.hasNext())) continue;
    const delivery = await consumer.next();
    ids.push(...idsOf([delivery]));
    await delivery.ack();
  }
  return ids;
}
