import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSecondsOf, memoryOf } from './process-usage.mjs';

const START_MS = 10_000;
const IDLE_MS = 1_000;
/** The metric of the events that are not in files yet. The server writes files every few seconds. */
const IN_MEMORY = /^vl_storage_rows\{type="storage\/inmemory"\} (\d+)$/m;
const MAX_IDLE_WAIT_MS = 60_000;
/** Seconds of CPU time per second below which the server is idle. */
const IDLE_SHARE = 0.05;

/** Starts VictoriaLogs on loopback with a folder. It keeps events of any age. */
export async function startVictoriaLogs(binary, folder) {
  const address = `127.0.0.1:${await freePort()}`;
  const flags = [
    `-storageDataPath=${folder}`,
    `-httpListenAddr=${address}`,
    '-retentionPeriod=100y',
    // By default, 30 s: too short for an export of a million events on a slow machine.
    '-search.maxQueryDuration=10m',
  ];
  const child = spawn(binary, flags, { stdio: 'ignore' });
  const exited = once(child, 'close');
  const url = `http://${address}`;
  await waitUntilReady(url, child);
  const call = async (path, parameters, body) => {
    const target = new URL(path, url);
    for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
    const response = await fetch(target, body === undefined ? {} : { method: 'POST', body });
    const text = await response.text();
    if (!response.ok) throw new Error(`VictoriaLogs answered ${response.status}: ${text}`);
    return text;
  };
  const cpuSeconds = () => cpuSecondsOf(child.pid);
  return {
    /** Sends a request and returns the body of its response. */
    call,
    /** CPU time so far, in seconds. */
    cpuSeconds,
    /** Peak of the resident memory, in bytes. */
    peakRss: () => memoryOf(child.pid).peak,
    /** Waits until all events are in files and the merges of files have ended. */
    async idle() {
      const end = performance.now() + MAX_IDLE_WAIT_MS;
      for (let before = cpuSeconds(); performance.now() < end;) {
        await sleep(IDLE_MS);
        const after = cpuSeconds();
        const inMemory = Number(IN_MEMORY.exec(await call('/metrics', {}))[1]);
        if (inMemory === 0 && after - before < (IDLE_SHARE * IDLE_MS) / 1000) return;
        before = after;
      }
      throw new Error(`VictoriaLogs was not idle after ${MAX_IDLE_WAIT_MS} ms.`);
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function waitUntilReady(url, child) {
  for (const end = performance.now() + START_MS; performance.now() < end;) {
    if (child.exitCode !== null) throw new Error(`VictoriaLogs exited with code ${child.exitCode}.`);
    const response = await fetch(`${url}/health`).catch(() => undefined);
    if (response?.ok) return;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`VictoriaLogs was not ready after ${START_MS} ms.`);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
