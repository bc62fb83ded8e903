import type * as WorkerThreads from 'node:worker_threads';
import type { Worker } from 'node:worker_threads';

/** The worker threads that were started, in that order; a test may terminate them. */
export const workers: Worker[] = [];

/** Replaces `node:worker_threads` with a module that records the threads, for `vi.mock`. */
export function recordWorkers(real: typeof WorkerThreads): typeof WorkerThreads {
  class RecordedWorker extends real.Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      workers.push(this);
    }
  }
  return { ...real, Worker: RecordedWorker };
}
