import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inFolder } from '../measure.mjs';
import { seedStore } from './store.mjs';

const SERVER = fileURLToPath(new URL('./server.mjs', import.meta.url));

/** Runs a function with the URL of a console of `count` events, which a separate process serves. */
export function withConsole(count, work) {
  return inFolder(async (folder) => {
    await seedStore(folder, count);
    const child = spawn(process.execPath, [SERVER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      for await (const url of createInterface(child.stdout)) return await work(url);
      throw new Error('The server of the console ended before it was ready.');
    } finally {
      const ended = child.exitCode ?? child.signalCode ?? once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  });
}
