// Preloaded by `--profile`: profiles each worker thread until it is terminated. `--cpu-prof` sees only the main thread, because
// the packages start their threads without options of Node.js.
import { once } from 'node:events';
import { createRequire, syncBuiltinESMExports } from 'node:module';

const threads = createRequire(import.meta.url)('node:worker_threads');
const { MessageChannel, Worker } = threads;
let started = 0;

/** Runs in the thread before its program. */
const PREAMBLE = `{
  const threads = require('node:worker_threads');
  const { port, file, own } = threads.workerData;
  threads.workerData = own;
  const session = new (require('node:inspector').Session)();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  port.once('message', () => session.post('Profiler.stop', (error, { profile }) => {
    require('node:fs').writeFileSync(file, JSON.stringify(profile));
    port.postMessage('written');
  }));
  port.unref();
}\n`;

threads.Worker = class ProfiledWorker extends Worker {
  #port;

  constructor(source, options) {
    started += 1;
    const { port1, port2 } = new MessageChannel();
    const file = `${process.env.VIGILANT_BENCH_PROFILE}-thread-${started}.cpuprofile`;
    const workerData = { own: options.workerData, port: port2, file };
    super(PREAMBLE + source, {
      ...options,
      workerData,
      transferList: [port2, ...(options.transferList ?? [])],
    });
    this.#port = port1;
    port1.unref();
  }

  async terminate() {
    this.#port.postMessage('stop');
    await Promise.race([once(this.#port, 'message'), once(this, 'exit')]);
    return super.terminate();
  }
};
syncBuiltinESMExports();
