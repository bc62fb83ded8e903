import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { isPage } from './app/route/page-paths';

/** A file of the console. */
export interface ConsoleFile {
  readonly body: Uint8Array;
  readonly contentType: string;
  /** Whether the name contains a hash of the content, so that browsers may keep the file forever. */
  readonly immutable: boolean;
  /** The body compressed with gzip. Absent for `index.html`, in which the server replaces the base path. */
  readonly gzip?: Uint8Array;
}

/** The files of the console. */
export interface ConsoleFiles {
  /**
   * Returns a file, or `undefined` if it does not exist.
   *
   * @param path - Without a leading slash, such as `index.html`.
   */
  get(path: string): ConsoleFile | undefined;
  /** Returns whether a path, without a leading slash, is a page. Every page is served with `index.html`. */
  isPage(path: string): boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Creates the files of a folder. They are read at the first use and kept in memory. */
export function createConsoleFiles(folder: string): ConsoleFiles {
  let files: ReadonlyMap<string, ConsoleFile> | undefined;
  return { get: (path) => (files ??= readFiles(folder)).get(path), isPage };
}

/** The console, to pass to `serveHttp` or `createHttpHandler`. */
// The path is the same from src and from dist.
export const consoleFiles: ConsoleFiles = createConsoleFiles(
  fileURLToPath(new URL('../dist/app/', import.meta.url)),
);

function readFiles(folder: string): ReadonlyMap<string, ConsoleFile> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => extname(name) in TYPES);
  return new Map(names.map((name) => [name, readFile(folder, name)]));
}

function readFile(folder: string, name: string): ConsoleFile {
  const body = readFileSync(join(folder, name));
  const contentType = TYPES[extname(name)] ?? '';
  if (name === 'index.html') return { body, contentType, immutable: false };
  return { body, contentType, immutable: name.startsWith('assets/'), gzip: gzipSync(body, { level: 9 }) };
}
