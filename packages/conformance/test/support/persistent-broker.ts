import { VigilantError, createMemoryBroker } from '@vigilant/core';
import type { AdapterContext, Broker, Delivery, Event } from '@vigilant/core';
import type { BrokerHarness, BrokerHarnessOptions } from '../../src/index';
import { sampleEvent } from '../../src/samples';
import { wrapBroker } from './wrap';

/** Memory that survives its brokers, like a file. Several brokers can use it concurrently. */
export interface BrokerData {
  /** Creates a broker on this memory, not opened. */
  createBroker(): Broker;
  /** Publishes bytes like another producer. */
  publishExternal(bytes: Uint8Array): Promise<void>;
  /** Makes writes fail for `FAILING_MS`. */
  failWrites(): Promise<void>;
}

/** How long writes fail, in milliseconds. */
const FAILING_MS = 100;

/** Type of an event that represents a malformed record. */
const MALFORMED = 'malformed-record';

/** Creates the memory. Every case of the suite applies to its brokers. */
export function createBrokerData({ capacityBytes }: BrokerHarnessOptions): BrokerData {
  const inner = createMemoryBroker(capacityBytes === undefined ? {} : { maxBytes: capacityBytes });
  let context: AdapterContext | undefined;
  let records = 0;
  let isWritable = true;
  return {
    async failWrites() {
      isWritable = false;
      await new Promise((resolve) => setTimeout(resolve, FAILING_MS));
      isWritable = true;
    },
    async publishExternal(bytes) {
      records += 1;
      const name = `record/${records}`;
      try {
        await inner.publish([(context as AdapterContext).decodeEvent(bytes, { name, timestamp: 0 })]);
      } catch {
        const message = Buffer.from(bytes).toString('base64');
        await inner.publish([sampleEvent({ id: name, type: MALFORMED, message })]);
      }
    },
    createBroker() {
      let closing: AbortController | undefined;
      const linked = (signal: AbortSignal): AbortSignal => {
        if (closing === undefined)
          throw new VigilantError('VIGILANT_BROKER_CLOSED', 'The broker is not open.');
        return AbortSignal.any([signal, closing.signal]);
      };
      const publish = async (events: readonly Event[]): Promise<void> => {
        linked(new AbortController().signal);
        if (!isWritable)
          throw new VigilantError('VIGILANT_BROKER_UNAVAILABLE', 'The broker is not writable.');
        await inner.publish(events);
      };
      return wrapBroker(inner, {
        capabilities: Object.freeze({ durability: 'disk', shared: true }),
        async open(given) {
          context = given;
          closing = new AbortController();
          await inner.open(given);
        },
        publish,
        publishEncoded: (events) => publish(events.decode()),
        async *consume(options) {
          const signal = linked(options.signal);
          for await (const delivery of inner.consume({ ...options, signal })) {
            yield withMalformed(delivery);
            if (signal.aborted) return;
          }
        },
        watch: async (options) => inner.watch({ ...options, signal: linked(options.signal) }),
        barrier: async (options) => inner.barrier({ ...options, signal: linked(options.signal) }),
        status: () => ({ ...inner.status(), state: closing === undefined ? 'closed' : 'ready' }),
        async close() {
          closing?.abort();
          closing = undefined;
        },
      });
    },
  };
}

function withMalformed(delivery: Delivery): Delivery {
  const isMalformed = ({ type }: Event): boolean => type === MALFORMED;
  return {
    ...delivery,
    events: delivery.events.filter((event) => !isMalformed(event)),
    malformed: delivery.events.filter(isMalformed).map(({ id, message }) => ({
      bytes: Buffer.from(message, 'base64'),
      position: id,
      reason: 'not an event',
    })),
  };
}

/** Creates a harness on this memory. `change` modifies the brokers under test. */
export function persistentBrokerHarness(
  options: BrokerHarnessOptions,
  change: (broker: Broker) => Broker = (broker) => broker,
): BrokerHarness {
  const data = createBrokerData(options);
  return {
    broker: change(data.createBroker()),
    another: () => change(data.createBroker()),
    publishExternal: (bytes) => data.publishExternal(bytes),
    failWrites: () => data.failWrites(),
    dispose() {},
  };
}
