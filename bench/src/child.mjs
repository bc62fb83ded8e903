import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Options of Node.js of every child, from the command line of the benchmark. */
const profiling = [];

/** Writes a CPU profile of each thread of each following child into a folder. */
export function profileChildren(folder) {
  profiling.push('--cpu-prof', `--cpu-prof-dir=${folder}`);
}

/**
 * Runs a file of `tasks/` in a new process and returns its result, so that memory and I/O are those of one run.
 *
 * @param onMessage - Receives the messages that the task sends before its result.
 */
export async function inChild(task, options, { execArgv = [], onMessage = () => {} } = {}) {
  const file = fileURLToPath(new URL(`./tasks/${task}.mjs`, import.meta.url));
  const flags = ['--expose-gc', ...profiling, ...execArgv];
  const child = spawn(process.execPath, [...flags, file, JSON.stringify(options)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let result;
  child.on('message', (message) => {
    if ('result' in message) result = message.result;
    else onMessage(message, child);
  });
  const [code, signal] = await once(child, 'close');
  if (result === undefined)
    throw new Error(`${task} ended without a result: ${signal ?? `exit code ${code}`}.`);
  return result;
}

/** Runs the work of a task with its options and sends the result. The process then ends by itself. */
export async function asTask(work) {
  const result = await work(JSON.parse(process.argv[2]));
  process.send({ result: { ...result, peakRss: process.resourceUsage().maxRSS * 1024 } });
  process.disconnect();
}
