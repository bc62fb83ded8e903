import { extname } from 'node:path';
import { gunzipSync } from 'node:zlib';
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

/**
 * Creates the files from their packed form. A file is unpacked at its first use and kept in memory.
 *
 * @param packed - The content of each file, compressed with gzip, as base64, by its path.
 */
export function createConsoleFiles(packed: Readonly<Record<string, string>>): ConsoleFiles {
  const files = new Map<string, ConsoleFile>();
  return {
    get(path) {
      const known = files.get(path);
      if (known !== undefined) return known;
      const content = Object.hasOwn(packed, path) ? packed[path] : undefined;
      const contentType = TYPES[extname(path)];
      if (content === undefined || contentType === undefined) return undefined;
      const file = unpack(path, contentType, content);
      files.set(path, file);
      return file;
    },
    isPage,
  };
}

function unpack(path: string, contentType: string, content: string): ConsoleFile {
  const gzip = Buffer.from(content, 'base64');
  const body = gunzipSync(gzip);
  if (path === 'index.html') return { body, contentType, immutable: false };
  return { body, contentType, immutable: path.startsWith('assets/'), gzip };
}
