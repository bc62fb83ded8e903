import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from '../lib/setup.mjs';

/** Maximum time until a server answers, in milliseconds. */
const READY_MS = 240_000;

/** Maximum time until a server stops before it is killed, in milliseconds. */
const STOP_MS = 20_000;

/** Maximum time until an earlier process frees the port, in milliseconds. */
const FREE_MS = 20_000;

/** Child processes, with the signal that ends them when this process exits. */
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
    // Another handler of the signal stops this process, and with it the servers.
    if (process.listenerCount(signal) === 1) process.exit(code);
  });

/**
 * A server process with a folder of its own, which can be stopped, killed and started again.
 *
 * @typedef {object} Server
 * @property {string} name
 * @property {string} address - Address in the form that its clients accept.
 * @property {string} folder - Folder of its data and its log.
 * @property {number | undefined} pid - Process id while it runs.
 * @property {() => Promise<void>} start - Starts it again with the same address and data.
 * @property {() => Promise<void>} stop - Stops it cleanly.
 * @property {() => Promise<void>} kill - Kills it.
 * @property {() => Promise<void>} dispose - Kills it and deletes its data.
 */

/**
 * Description of a server.
 *
 * @typedef {object} ServerOptions
 * @property {string} name
 * @property {string} address
 * @property {string} folder
 * @property {number} port
 * @property {boolean} [isKept] - Whether the folder stays and the server is stopped cleanly when this process ends.
 * @property {boolean} [speaksFirst] - Whether the server sends data before the client does.
 * @property {string} command
 * @property {readonly string[]} args
 * @property {Record<string, string>} [env]
 */

/** Creates the folder of a server. */
export function createServerFolder(name) {
  return mkdtempSync(join(tmpdir(), `vigilant-${name}-`));
}

/**
 * Starts a server; resolves once it answers on its port.
 *
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 */
export async function startServer(options) {
  const server = new ServerProcess(options);
  try {
    await server.start();
  } catch (error) {
    await server.dispose();
    throw error;
  }
  return server;
}

class ServerProcess {
  #options;
  #child;
  #ended;

  constructor(options) {
    this.#options = { isKept: false, speaksFirst: false, env: {}, ...options };
    this.name = options.name;
    this.address = options.address;
    this.folder = options.folder;
  }

  get pid() {
    return this.#child?.pid;
  }

  async start() {
    const { name, folder, port, isKept, speaksFirst, command, args, env } = this.#options;
    await waitUntilFree(name, port, speaksFirst);
    const logFile = join(folder, 'server.log');
    const log = openSync(logFile, 'w');
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
      // Ctrl+C in the terminal reaches only this process, which stops the server.
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    running.set(child, isKept ? 'SIGTERM' : 'SIGKILL');
    child.unref();
    this.#ended = new Promise((resolve) => child.on('close', resolve).on('error', resolve)).then(() => {
      running.delete(child);
      if (this.#child === child) this.#child = undefined;
    });
    const deadline = Date.now() + READY_MS;
    while (!(await answers(port, speaksFirst))) {
      if (this.#child !== undefined && Date.now() < deadline) continue;
      await this.kill();
      throw new Error(`${name} does not start: ${readFileSync(logFile, 'utf8').slice(-2_000)}`);
    }
  }

  stop() {
    return this.#end('SIGTERM');
  }

  kill() {
    return this.#end('SIGKILL');
  }

  async dispose() {
    await this.kill();
    if (!this.#options.isKept) rmSync(this.folder, { recursive: true, force: true });
  }

  async #end(signal) {
    const child = this.#child;
    if (child === undefined) return;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.ref();
    await this.#ended;
    clearTimeout(timer);
  }
}

/** Waits until no process answers on a port. An earlier server may still be stopping. */
async function waitUntilFree(name, port, speaksFirst) {
  const deadline = Date.now() + FREE_MS;
  for (let isReported = false; await answers(port, speaksFirst); isReported = true) {
    if (!isReported) say(`waiting until port ${port} is free for ${name}`);
    if (Date.now() > deadline)
      throw new Error(
        `${name} cannot use port ${port}, because another process listens on it. Stop that process if an earlier start has left it, ` +
          'or set the address of your own server.',
      );
  }
}

/** Returns whether a server answers on a port of this machine, after a short pause. */
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
