import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder for CPU profiles, or `undefined`. */
let profileFolder;
let profiled = 0;

/** Writes a CPU profile of each thread of each following child into a folder. */
export function profileChildren(folder) {
  profileFolder = folder;
}

/**
 * Runs a file of `tasks/` in a new process and returns its result, so that memory and I/O are those of one run.
 *
 * @param onMessage - Receives the messages that the task sends before its result.
 */
export async function inChild(task, options, { execArgv = [], onMessage = () => {} } = {}) {
  const file = fileURLToPath(new URL(`./tasks/${task}.mjs`, import.meta.url));
  const profiling = profilingOf(task);
  const flags = ['--expose-gc', ...profiling.flags, ...execArgv];
  const child = spawn(process.execPath, [...flags, file, JSON.stringify(options)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...profiling.env },
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

/** Returns the options of Node.js and the environment that profile a child. */
function profilingOf(task) {
  if (profileFolder === undefined) return { flags: [], env: {} };
  profiled += 1;
  const name = `${profiled}-${task}`;
  const preload = new URL('./profile-threads.mjs', import.meta.url).href;
  const flags = ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`, `--cpu-prof-name=${name}-host.cpuprofile`];
  return {
    flags: [...flags, '--import', preload],
    env: { VIGILANT_BENCH_PROFILE: join(profileFolder, name) },
  };
}

/** Runs the work of a task with its options and sends the result. The process then ends by itself. */
export async function asTask(work) {
  const result = await work(JSON.parse(process.argv[2]));
  process.send({ result: { ...result, peakRss: process.resourceUsage().maxRSS * 1024 } });
  process.disconnect();
}
