import { createWakeup, VigilantError } from '@vigilant/core';
import type { Health as HealthService } from '../generated/grpc-health-v1';
import { HealthCheckResponse_ServingStatus as Serving } from '../generated/grpc-health-v1';
import type { CallContext } from './call';
import type { ImplementedService } from './service';
import { implementService } from './service';

/** The standard health service. */
export interface Health {
  readonly service: ImplementedService;
  /** Says of the server and all its services that they take no more. */
  stopServing(): void;
}

/** Creates the health service of a server with some services; all are serving. */
export function createHealth(services: readonly string[], context: CallContext): Health {
  const known = new Set(['', ...services]);
  const watchers = new Set<() => void>();
  let isServing = true;
  const status = (name: string): number => {
    if (!known.has(name)) return Serving.SERVICE_UNKNOWN;
    return isServing ? Serving.SERVING : Serving.NOT_SERVING;
  };

  const service = implementService<HealthService>(
    'grpc.health.v1.Health',
    {
      async Check({ service: name = '' }) {
        if (known.has(name)) return { status: status(name) };
        throw new VigilantError('VIGILANT_NOT_FOUND', 'There is no service of this name here.');
      },
      async List() {
        return { statuses: Object.fromEntries([...known].map((name) => [name, { status: status(name) }])) };
      },
      async *Watch({ service: name = '' }, { signal }) {
        const wakeup = createWakeup();
        const wake = (): void => wakeup.wake();
        signal.addEventListener('abort', wake, { once: true });
        watchers.add(wake);
        try {
          let last: number | undefined;
          while (!signal.aborted) {
            const current = status(name);
            if (current !== last) yield { status: current };
            last = current;
            await wakeup.wait();
          }
        } finally {
          watchers.delete(wake);
        }
      },
    },
    context,
  );

  return {
    service,
    stopServing() {
      isServing = false;
      for (const wake of watchers) wake();
    },
  };
}
