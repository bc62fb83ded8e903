import { VigilantError, createMemoryBroker } from '@vigilant/core';
import type { AdapterContext, Broker, Delivery, Event } from '@vigilant/core';
import type { BrokerHarness, BrokerHarnessOptions } from '../../src/index';
import { sampleEvent } from '../../src/samples';
import { wrapBroker } from './wrap';

/** Memory that outlives the brokers on it, as a file would; and several of them may work on it at once. */
export interface BrokerData {
  /** Makes a broker on this memory, not opened. */
  createBroker(): Broker;
  /** Puts bytes into it as somebody would who knows nothing of us. */
  publishExternal(bytes: Uint8Array): Promise<void>;
  /** Makes it unwritable for a while. */
  failWrites(): Promise<void>;
}

/** How long writes fail, in milliseconds. */
const FAILING_MS = 100;

/** The type of the event that stands for a record that is none. */
const MALFORMED = 'malformed-record';

/** Creates such memory. Every case of the suite applies to its brokers. */
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
        if (closing === undefined) throw new VigilantError('VIGILANT_BROKER_CLOSED', 'Not open.');
        return AbortSignal.any([signal, closing.signal]);
      };
      return wrapBroker(inner, {
        capabilities: Object.freeze({ durability: 'disk', shared: true }),
        async open(given) {
          context = given;
          closing = new AbortController();
          await inner.open(given);
        },
        async publish(events) {
          linked(new AbortController().signal);
          if (!isWritable) throw new VigilantError('VIGILANT_BROKER_UNAVAILABLE', 'Not writable.');
          await inner.publish(events);
        },
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
      reason: 'no event',
    })),
  };
}

/** A harness on such memory, whose brokers may be changed before they are tested. */
export function lastingBrokerHarness(
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
