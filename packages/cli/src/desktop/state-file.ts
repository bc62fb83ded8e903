import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '@vigilant/core/adapter';
import { withLockFile } from '../system/lock-file';
import { replaceFile } from '../system/replace-file';

/** Maximum number of servers in the file. */
const MAX_SERVERS = 20;

/** Maximum number of ports in the file. */
const MAX_PORTS = 50;

/** A server that was used. */
export interface KnownServer {
  readonly url: string;
  /** ISO 8601. */
  readonly lastUsedAt: string;
}

/** State that `vigilant desktop` keeps between runs. */
export interface DesktopState {
  /** Servers, the last used first. */
  readonly servers: readonly KnownServer[];
  /** Ports of local servers by the keys of their targets, the last used first. */
  readonly ports: readonly (readonly [key: string, port: number])[];
}

/** Reads and writes the state of `vigilant desktop`. */
export interface StateFile {
  read(): Promise<DesktopState>;
  /** Records that a server was used. */
  addServer(server: KnownServer): Promise<void>;
  /** Records the port of a target. */
  setPort(key: string, port: number): Promise<void>;
}

/**
 * Opens the state file of a folder. A damaged file is renamed and treated as empty.
 *
 * @param report - Receives a message about a damaged file.
 */
export function createStateFile(folder: string, report: (message: string) => void): StateFile {
  return new JsonFile(join(folder, 'desktop.json'), report);
}

const EMPTY: DesktopState = { servers: [], ports: [] };

class JsonFile implements StateFile {
  readonly #path: string;
  readonly #report: (message: string) => void;

  constructor(path: string, report: (message: string) => void) {
    this.#path = path;
    this.#report = report;
  }

  async read(): Promise<DesktopState> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return EMPTY;
      throw error;
    }
    try {
      return parseState(text);
    } catch (error) {
      const kept = `${this.#path}.damaged`;
      await rename(this.#path, kept);
      this.#report(
        `${this.#path} is damaged (${reasonOf(error)}). A new file replaces it; the damaged one is now ${kept}.`,
      );
      return EMPTY;
    }
  }

  addServer(server: KnownServer): Promise<void> {
    return this.#change(({ servers, ports }) => {
      const others = servers.filter(({ url }) => url !== server.url);
      return { servers: [server, ...others].slice(0, MAX_SERVERS), ports };
    });
  }

  setPort(key: string, port: number): Promise<void> {
    return this.#change(({ servers, ports }) => {
      const others = ports.filter(([each]) => each !== key);
      return { servers, ports: [[key, port] as const, ...others].slice(0, MAX_PORTS) };
    });
  }

  /** Changes the file while no other process does. */
  #change(change: (state: DesktopState) => DesktopState): Promise<void> {
    return withLockFile(`${this.#path}.lock`, async () => {
      const { servers, ports } = change(await this.read());
      const text = JSON.stringify({ servers, ports: Object.fromEntries(ports) }, undefined, 2);
      await replaceFile(this.#path, `${text}\n`, 0o600);
    });
  }
}

/** @throws {Error} The message states what is wrong. */
function parseState(text: string): DesktopState {
  const { servers, ports } = JSON.parse(text) as { readonly servers?: unknown; readonly ports?: unknown };
  if (!Array.isArray(servers) || !servers.every(isServer))
    throw new Error('servers is not a list of servers');
  if (typeof ports !== 'object' || ports === null) throw new Error('ports is not an object');
  const entries = Object.entries(ports as Readonly<Record<string, unknown>>);
  const valid = entries.filter((entry): entry is [string, number] => isPort(entry[1]));
  if (valid.length < entries.length) throw new Error('ports has an invalid port');
  return { servers, ports: valid };
}

function isServer(value: unknown): value is KnownServer {
  const { url, lastUsedAt } = (value ?? {}) as Partial<KnownServer>;
  return typeof url === 'string' && URL.canParse(url) && typeof lastUsedAt === 'string';
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536;
}
