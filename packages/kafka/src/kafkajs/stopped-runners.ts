import Runner from 'kafkajs/src/consumer/runner.js';

/** The members of a kafkajs runner that `endStoppedFetchers` uses. */
export interface StoppableRunner {
  readonly running: boolean;
  readonly fetchManager: { stop(): Promise<void> };
  fetch(nodeId: number): Promise<object[]>;
}

const patched = new WeakSet<StoppableRunner>();

/**
 * Patches kafkajs 2.2.4 to end the fetchers that start after the consumer has been stopped.
 *
 * When the set of nodes changes, the fetch manager of kafkajs stops all fetchers and starts others. If the consumer is stopped
 * meanwhile, the new fetchers are not. They call `fetch` until the process ends, and because it then resolves without I/O, no timer
 * or other callback runs.
 */
export function endStoppedFetchers(runner: StoppableRunner = Runner.prototype): void {
  if (patched.has(runner)) return;
  patched.add(runner);
  const { fetch } = runner;
  runner.fetch = function (this: StoppableRunner, nodeId) {
    // Each fetcher ends once this call has resolved. The manager then ends without an error.
    if (!this.running) void this.fetchManager.stop();
    return fetch.call(this, nodeId);
  };
}
