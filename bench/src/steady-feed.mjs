import { setTimeout as sleep } from 'node:timers/promises';

const TICK_MS = 5;

/** Logs events of a data set at a constant rate until it is stopped. */
export function startSteadyFeed(vigilant, dataSet, perSecond) {
  let isStopped = false;
  const pending = new Set();
  const started = performance.now();
  const run = async () => {
    let sent = 0;
    while (!isStopped) {
      const due = Math.floor(((performance.now() - started) / 1000) * perSecond);
      if (due > sent) {
        const inputs = Array.from({ length: due - sent }, (_, n) => dataSet.event(dataSet.count + sent + n));
        const call = vigilant.logBatch(inputs).finally(() => pending.delete(call));
        pending.add(call);
      }
      sent = Math.max(sent, due);
      await sleep(TICK_MS);
    }
    await Promise.all(pending);
    return sent;
  };
  const running = run();
  return {
    /** Waits until all events are stored and returns their number. */
    async stop() {
      isStopped = true;
      const sent = await running;
      await vigilant.flush({ timeoutMs: 60_000 });
      return sent;
    },
  };
}
