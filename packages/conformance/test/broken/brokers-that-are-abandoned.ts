import { isVigilantError } from '@vigilant/core';
import type { Broker } from '@vigilant/core';
import type { BrokenBroker } from './broken-broker';
import { never } from './broken-broker';

/** Calls a function when the signal of the context is aborted. */
const onAbort = (broker: Broker, callback: () => void): Partial<Broker> => ({
  async open(context) {
    context.signal.addEventListener('abort', callback);
    await broker.open(context);
  },
});

/** Brokers that break a guarantee for the time after the engine has stopped waiting for `close`. */
export const BROKERS_THAT_ARE_ABANDONED: readonly BrokenBroker[] = [
  {
    name: 'does not settle operations when the signal of its context is aborted',
    change: (broker) => {
      let isAborted = false;
      return {
        ...onAbort(broker, () => (isAborted = true)),
        async barrier(options) {
          const result = await broker.barrier(options);
          return isAborted ? new Promise(() => {}) : result;
        },
      };
    },
    fails: ['broker/abandon/settles-all'],
  },
  {
    name: 'loses its events when the signal of its context is aborted',
    change: (broker) =>
      onAbort(broker, async () => {
        for await (const { ack } of broker.consume({ signal: never })) await ack();
      }),
    fails: [
      'broker/abandon/keeps-accepted',
      'broker/abandon/another-process',
      'broker/abandon/takeover-fails',
    ],
  },
  {
    name: 'does not wait for the events of a process that ended',
    change: (broker, ids) => ({
      ...onAbort(broker, () => ids.add('aborted')),
      barrier: async (options) => (ids.has('aborted') ? { complete: true } : broker.barrier(options)),
    }),
    fails: ['broker/abandon/another-process', 'broker/abandon/takeover-fails'],
  },
  {
    name: 'completes a barrier while it cannot write',
    change: (broker) => ({
      async barrier(options) {
        const isWritable = await broker.publish([]).then(
          () => true,
          (error: unknown) => isVigilantError(error) && error.code === 'VIGILANT_BROKER_CLOSED',
        );
        return isWritable ? broker.barrier(options) : { complete: true };
      },
    }),
    fails: ['broker/abandon/takeover-fails'],
  },
];
