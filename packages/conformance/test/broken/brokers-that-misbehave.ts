import { encodeAll, fromMicros } from '@vigilant/core/adapter';
import type { Delivery } from '@vigilant/core';
import type { BrokenBroker } from './broken-broker';
import { changeDeliveries, changeWatches, never } from './broken-broker';

/** Brokers with broken barriers, watches, malformed records, lifecycle or status. */
export const BROKERS_THAT_MISBEHAVE: readonly BrokenBroker[] = [
  {
    name: 'completes barriers at once',
    change: (broker) => ({
      async barrier() {
        await broker.publish([]);
        return { complete: true, pending: 0 };
      },
    }),
    fails: [
      'broker/lifecycle/close-delivers-nothing',
      'broker/barrier/waits-for-ack',
      'broker/barrier/flush',
      'broker/barrier/signal',
      'broker/barrier/at-once',
      'broker/barrier/all-processes',
      'broker/abandon/settles-all',
      'broker/abandon/another-process',
      'broker/abandon/takeover-fails',
    ],
  },
  {
    name: 'does not publish the last of several encoded events',
    change: (broker) => ({ publishEncoded: (events) => broker.publish(events.decode().slice(0, -1)) }),
    fails: ['broker/publish/encoded'],
  },
  {
    name: 'delivers different events in encoded and in events',
    change: changeDeliveries((delivery) => ({ ...delivery, encoded: encodeAll(delivery.events.slice(1)) })),
    fails: ['broker/consume/encoded'],
  },
  {
    name: 'never sets flush',
    change: changeDeliveries((delivery) =>
      delivery.events.length > 0 ? { ...delivery, flush: false } : undefined,
    ),
    fails: ['broker/barrier/flush'],
  },
  {
    name: 'rejects a barrier when its signal is aborted',
    change: (broker) => ({
      async barrier(options) {
        const result = await broker.barrier(options);
        options.signal.throwIfAborted();
        return result;
      },
    }),
    fails: ['broker/barrier/signal'],
  },
  {
    name: 'waits at a barrier until nothing is pending',
    change: (broker) => ({
      async barrier(options) {
        const result = await broker.barrier(options);
        return broker.status().pendingEvents > 0 && result.complete ? broker.barrier(options) : result;
      },
    }),
    fails: ['broker/barrier/later-publish'],
  },
  {
    name: 'ends a barrier while another one waits',
    change: (broker) => {
      let isWaiting = false;
      return {
        async barrier(options) {
          if (isWaiting) return { complete: false };
          isWaiting = true;
          return broker.barrier(options).finally(() => (isWaiting = false));
        },
      };
    },
    fails: ['broker/barrier/at-once'],
  },
  {
    name: 'starts a watch at the first read',
    change: (broker) => ({
      async watch(options) {
        await broker.publish([]);
        return (async function* () {
          yield* await broker.watch(options);
        })();
      },
    }),
    fails: [
      'broker/watch/nothing-missed',
      'broker/watch/every-field',
      'broker/watch/several',
      'broker/watch/all-processes',
      'broker/watch/overflow',
    ],
  },
  {
    name: 'drops events of a watch',
    change: changeWatches((events) => events.slice(0, 4)),
    fails: ['broker/watch/nothing-missed', 'broker/watch/several'],
  },
  {
    name: 'changes timestamps and tags in a watch',
    change: changeWatches((events) =>
      events.map((event) => ({ ...event, timestamp: fromMicros(0), tags: [] })),
    ),
    fails: ['broker/watch/every-field'],
  },
  {
    name: 'allows one watch at a time',
    change: (broker) => {
      let last = new AbortController();
      return {
        watch(options) {
          last.abort();
          last = new AbortController();
          return broker.watch({ ...options, signal: AbortSignal.any([last.signal, options.signal]) });
        },
      };
    },
    fails: ['broker/watch/several', 'broker/watch/overflow'],
  },
  {
    name: 'shows watchers only the events of its own process',
    change: (broker) => {
      const own = new Set<string>();
      return {
        async publish(events) {
          for (const { id } of events) own.add(id);
          await broker.publish(events);
        },
        ...changeWatches((events) => events.filter(({ id }) => own.has(id)))(broker),
      };
    },
    fails: ['broker/watch/all-processes'],
  },
  {
    name: 'buffers events of a slow watcher without limit',
    change: (broker) => ({ watch: ({ signal }) => broker.watch({ signal, maxBufferedBytes: 2 ** 40 }) }),
    fails: ['broker/watch/overflow'],
  },
  {
    name: 'ends a slow watcher without an error',
    change: (broker) => ({
      async watch(options) {
        const watch = await broker.watch(options);
        return (async function* () {
          try {
            yield* watch;
          } catch {
            return;
          }
        })();
      },
    }),
    fails: ['broker/watch/overflow'],
  },
  {
    name: 'ignores the signal of a watch',
    change: (broker) => ({ watch: (options) => broker.watch({ ...options, signal: never }) }),
    fails: ['broker/watch/signal'],
  },
  {
    name: 'drops malformed records',
    change: changeDeliveries((delivery) => ({ ...delivery, malformed: [] })),
    fails: ['broker/malformed/reported'],
  },
  {
    name: 'decodes an external event to a different id each time',
    change: changeDeliveries((delivery) => ({
      ...delivery,
      events: delivery.events.map((event) =>
        event.message === 'from elsewhere' ? { ...event, id: `${Math.random()}` } : event,
      ),
    })),
    fails: ['broker/malformed/foreign-event'],
  },
  {
    name: 'does not reject calls before open and after close',
    change: (broker) => ({
      barrier: (options) => broker.barrier(options).catch(() => ({ complete: false })),
    }),
    fails: ['broker/lifecycle/closed-rejects'],
  },
  {
    name: 'continues to deliver during close',
    change: (broker) => {
      let isClosing = false;
      let rest: AsyncIterator<Delivery> | undefined;
      return {
        async *consume(options) {
          rest = broker.consume(options)[Symbol.asyncIterator]();
          for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
            yield next.value;
            if (isClosing) yield next.value;
          }
        },
        async close() {
          isClosing = true;
          await broker.close();
        },
      };
    },
    fails: ['broker/lifecycle/close-delivers-nothing', 'broker/abandon/settles-all'],
  },
  {
    name: 'does not end a waiting consumer at close',
    change: (broker) => ({
      async *consume(options) {
        yield* broker.consume(options);
        if (!options.signal.aborted && broker.status().pendingEvents === 0) await new Promise(() => {});
      },
    }),
    fails: ['broker/lifecycle/close-wakes'],
  },
  {
    name: 'rejects a concurrent second close',
    change: (broker) => {
      let isClosing = false;
      return {
        async close() {
          if (isClosing) throw new Error('The adapter is already closing.');
          isClosing = true;
          await broker.close();
          isClosing = false;
        },
      };
    },
    fails: ['broker/lifecycle/close-twice'],
  },
  {
    name: 'leaves a timer after close',
    change: (broker) => ({
      async open(context) {
        context.clock.after(600_000, () => {});
        await broker.open(context);
      },
    }),
    fails: ['broker/lifecycle/leaves-no-timer'],
  },
  {
    name: 'declares capabilities that are not frozen',
    change: (broker) => ({ capabilities: { ...broker.capabilities } }),
    fails: ['broker/lifecycle/capabilities'],
  },
  {
    name: 'counts batches instead of events',
    change: (broker) => ({
      status() {
        const status = broker.status();
        return { ...status, pendingEvents: Math.min(1, status.pendingEvents) };
      },
    }),
    fails: [
      'broker/ack/twice',
      'broker/ack/superseded',
      'broker/redelivery/nothing-consumed',
      'broker/watch/several',
      'broker/status/pending',
    ],
  },
  {
    name: 'sets isBlocked while it delivers',
    change: (broker) => ({ status: () => ({ ...broker.status(), isBlocked: true }) }),
    fails: ['broker/status/not-blocked'],
  },
  {
    name: 'sets isVolatile while its storage is intact',
    change: (broker) => ({ status: () => ({ ...broker.status(), isVolatile: true }) }),
    fails: ['broker/status/not-volatile'],
  },
  {
    name: 'reports a durability below the declared one',
    change: (broker) => ({
      capabilities: Object.freeze({ ...broker.capabilities, durability: 'replicated' }),
      status: () => ({ ...broker.status(), durability: 'disk' }),
    }),
    fails: ['broker/status/durability'],
  },
];
