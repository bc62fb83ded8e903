import { VigilantError } from '@vigilant/core';
import { createWakeup } from '@vigilant/core/adapter';
import type { Health as HealthService, HealthCheckResponse } from '../generated/grpc-health-v1';
import { HealthCheckResponse_ServingStatus as ServingStatus } from '../generated/grpc-health-v1';
import type { Call, CallContext } from './call';
import type { ImplementedService } from './service';
import { implementService } from './service';

/** The standard health service. */
export interface Health {
  readonly service: ImplementedService;
  /** Reports the server and all its services as NOT_SERVING. */
  stopServing(): void;
}

/** Creates the health service of a server. All its services are SERVING at first. */
export function createHealth(services: readonly string[], context: CallContext): Health {
  return new ServerHealth(services, context);
}

class ServerHealth implements Health {
  readonly service: ImplementedService;
  /** Names of the services; `''` is the server. */
  readonly #names: ReadonlySet<string>;
  /** Functions that wake the open watches. */
  readonly #wakeWatches = new Set<() => void>();
  #isServing = true;

  constructor(services: readonly string[], context: CallContext) {
    this.#names = new Set(['', ...services]);
    this.service = implementService<HealthService>(
      'grpc.health.v1.Health',
      {
        Check: async ({ service: name = '' }) => this.#check(name),
        List: async () => ({
          statuses: Object.fromEntries([...this.#names].map((name) => [name, this.#check(name)])),
        }),
        Watch: ({ service: name = '' }, call) => this.#watch(name, call),
      },
      context,
    );
  }

  stopServing(): void {
    this.#isServing = false;
    for (const wake of this.#wakeWatches) wake();
  }

  #check(name: string): HealthCheckResponse {
    if (this.#names.has(name)) return { status: this.#statusOf(name) };
    throw new VigilantError('VIGILANT_NOT_FOUND', `This server does not have the service "${name}".`);
  }

  async *#watch(name: string, { signal }: Call): AsyncGenerator<HealthCheckResponse> {
    const wakeup = createWakeup();
    const wake = (): void => wakeup.wake();
    signal.addEventListener('abort', wake, { once: true });
    this.#wakeWatches.add(wake);
    try {
      let last: number | undefined;
      while (!signal.aborted) {
        const status = this.#statusOf(name);
        if (status !== last) yield { status };
        last = status;
        await wakeup.wait();
      }
    } finally {
      this.#wakeWatches.delete(wake);
    }
  }

  #statusOf(name: string): number {
    if (!this.#names.has(name)) return ServingStatus.SERVICE_UNKNOWN;
    return this.#isServing ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  }
}
