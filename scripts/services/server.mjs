import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from '../lib/setup.mjs';

const READY_MS = 60_000;
const STOP_MS = 20_000;

/** How long the one before on a port may take to end. */
const FREE_MS = 20_000;

/** Processes that must not outlive this one, with the signal that ends them. */
const running = new Map();
process.on('exit', () => {
  for (const [child, signal] of running) child.kill(signal);
});
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])
  process.on(signal, () => {
    // Whoever handles it too ends in order, and the servers then.
    if (process.listenerCount(signal) === 1) process.exit(code);
  });

/**
 * A server in a process of its own, on a folder of its own, that can be stopped, killed and started again.
 *
 * @typedef {object} Server
 * @property {string} name
 * @property {string} address - Where it listens, in the form that its clients take.
 * @property {string} folder - With its data and its log.
 * @property {number | undefined} pid - While it runs.
 * @property {() => Promise<void>} start - Again, on the same address and data.
 * @property {() => Promise<void>} stop - As an operator would.
 * @property {() => Promise<void>} kill - As a power failure would.
 * @property {() => Promise<void>} dispose - Ends it and deletes its data.
 */

/** Makes the folder of a server. */
export function createServerFolder(name) {
  return mkdtempSync(join(tmpdir(), `vigilant-${name}-`));
}

/**
 * Starts a server; resolves once it answers on its port.
 *
 * @param {object} description
 * @param {string} description.name
 * @param {string} description.address
 * @param {string} description.folder
 * @param {number} description.port
 * @param {boolean} [description.isKept] - Its data matters: it is asked to end, and the folder stays.
 * @param {boolean} [description.speaksFirst] - It sends something as soon as somebody connects.
 * @param {string} description.command
 * @param {readonly string[]} description.args
 * @param {Record<string, string>} [description.env]
 * @returns {Promise<Server>}
 */
export async function startServer(description) {
  const {
    name,
    address,
    folder,
    port,
    isKept = false,
    speaksFirst = false,
    command,
    args,
    env = {},
  } = description;
  const logFile = join(folder, 'server.log');
  let child;
  let ended;

  const start = async () => {
    await untilFree(name, port, speaksFirst);
    // Of this start alone.
    const log = openSync(logFile, 'w');
    child = spawn(command, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
      // A Ctrl-C in the terminal is for us; we stop it in order.
      detached: true,
    });
    closeSync(log);
    const started = child;
    running.set(started, isKept ? 'SIGTERM' : 'SIGKILL');
    // Waiting for its end is for those who ask for it.
    started.unref();
    ended = new Promise((resolve) => started.on('close', resolve).on('error', resolve)).then(() => {
      running.delete(started);
      if (child === started) child = undefined;
    });
    const deadline = Date.now() + READY_MS;
    while (!(await answers(port, speaksFirst))) {
      if (child !== undefined && Date.now() < deadline) continue;
      await end('SIGKILL');
      throw new Error(`${name} does not start: ${readFileSync(logFile, 'utf8').slice(-2_000)}`);
    }
  };

  const end = async (signal) => {
    const ending = child;
    if (ending === undefined) return;
    ending.kill(signal);
    const timer = setTimeout(() => ending.kill('SIGKILL'), STOP_MS);
    ending.ref();
    await ended;
    clearTimeout(timer);
  };

  const server = {
    name,
    address,
    folder,
    get pid() {
      return child?.pid;
    },
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async dispose() {
      await end('SIGKILL');
      if (!isKept) rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await start();
  } catch (error) {
    await server.dispose();
    throw error;
  }
  return server;
}

/** Waits until nobody answers on a port: the one before may be about to end. */
async function untilFree(name, port, speaksFirst) {
  const patience = Date.now() + FREE_MS;
  for (let isTold = false; await answers(port, speaksFirst); isTold = true) {
    if (!isTold) say(`waiting for port ${port}, which ${name} needs, to become free`);
    if (Date.now() > patience)
      throw new Error(
        `${name} cannot have port ${port}: something else listens there. If it is a ${name} that an earlier start left, end it; ` +
          'if it is one to be used, name it by the variable for servers of your own.',
      );
  }
}

/** Tells whether somebody answers on a port of this machine; waits a little when nobody does. */
function answers(port, speaksFirst) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (result) => {
      clearTimeout(timer);
      socket.destroy();
      setTimeout(resolve, 50, result);
    };
    const timer = setTimeout(settle, 1_000, false);
    socket.on('error', () => settle(false));
    socket.on(speaksFirst ? 'data' : 'connect', () => settle(true));
  });
}
