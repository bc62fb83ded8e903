// Preloaded by `--profile`: profiles each worker thread until it ends. `--cpu-prof` sees only the main thread, because the
// packages start their threads without options of Node.js.
import { createRequire, syncBuiltinESMExports } from 'node:module';

const threads = createRequire(import.meta.url)('node:worker_threads');
const { Worker } = threads;
let started = 0;

/** Runs in the thread before its program. */
const PREAMBLE = `{
  const threads = require('node:worker_threads');
  const { file, own } = threads.workerData;
  threads.workerData = own;
  const session = new (require('node:inspector').Session)();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  process.once('exit', () => session.post('Profiler.stop', (error, { profile }) => {
    require('node:fs').writeFileSync(file, JSON.stringify(profile));
  }));
}\n`;

threads.Worker = class ProfiledWorker extends Worker {
  constructor(source, options) {
    started += 1;
    const file = `${process.env.VIGILANT_BENCH_PROFILE}-thread-${started}.cpuprofile`;
    super(PREAMBLE + source, { ...options, workerData: { own: options.workerData, file } });
  }
};
syncBuiltinESMExports();
