// Starts threads that do nothing but wake up every second, loads the libraries of the server, and returns what that costs.
import '@grpc/grpc-js';
import '@grpc/proto-loader';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { asTask } from '../child.mjs';
import { START_MS, idlePercent } from '../measure.mjs';
import { memoryOf } from '../process-usage.mjs';

const PROGRAM = 'setInterval(() => {}, 1_000)';

await asTask(async ({ threads, idleMs }) => {
  const workers = Array.from({ length: threads }, () => new Worker(PROGRAM, { eval: true }));
  const timer = setInterval(() => {}, 1_000);
  await sleep(START_MS);
  const { resident } = memoryOf(process.pid);
  const percent = await idlePercent(idleMs);
  clearInterval(timer);
  await Promise.all(workers.map((worker) => worker.terminate()));
  return { percent, resident };
});
