import { HttpError } from '../wire/http-error';

/** Files of the console. */
export interface ConsoleFiles {
  /**
   * Returns a file, or `undefined` if it does not exist.
   *
   * @param path - Without a leading slash, such as `assets/app.js`. `index.html` is served for every route of the console. It
   * contains `<base href="/">`, which the handler replaces.
   */
  get(path: string): ConsoleFile | undefined;
}

/** A file of the console. */
export interface ConsoleFile {
  readonly body: Uint8Array;
  readonly contentType: string;
  /** Whether the content of this path never changes, so that clients may cache it indefinitely. */
  readonly immutable: boolean;
  /** The body compressed with gzip. */
  readonly gzip?: Uint8Array;
}

/** Served for every route of the console. */
const PAGE = 'index.html';

/** Files that the page loads. If one is missing, the status is 404 instead of the page. */
const ASSETS = /^assets\//;

/** Allows neither other hosts nor inline code. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

/** Headers of every file. */
const FILE_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
} as const;

/**
 * Returns the file of a path, or the page for a path that is not a file.
 *
 * @param path - Without a leading slash, percent-encoded.
 * @param basePath - The public path of the handler; ends with `/`.
 */
export function serveConsole(
  files: ConsoleFiles,
  path: string,
  basePath: string,
  request: Request,
): Response {
  const name = decodePath(path);
  const file = name === '' || name === PAGE ? undefined : files.get(name);
  if (file !== undefined) return fileResponse(file, request);
  const page = ASSETS.test(name) ? undefined : files.get(PAGE);
  if (page === undefined) throw new HttpError(404, 'VIGILANT_NOT_FOUND', 'The console has no such file.');
  return fileResponse({ ...page, immutable: false, body: withBase(page.body, basePath) }, request, false);
}

function fileResponse(file: ConsoleFile, { headers }: Request, mayCompress = true): Response {
  const { body, gzip, contentType, immutable } = file;
  const isCompressed = mayCompress && gzip !== undefined && acceptsGzip(headers.get('accept-encoding'));
  const bytes = isCompressed ? gzip : body;
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: {
      ...FILE_HEADERS,
      'content-type': contentType,
      'content-length': String(bytes.byteLength),
      'cache-control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...(gzip === undefined || !mayCompress ? {} : { vary: 'Accept-Encoding' }),
      ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
    },
  });
}

function acceptsGzip(accepted: string | null): boolean {
  return /(^|,)\s*gzip\s*(;\s*q=(0\.0*[1-9]\d*|1(\.0*)?)\s*)?(,|$)/i.test(accepted ?? '');
}

/** Replaces the base of a page. The path is escaped, because a mount path can contain text of the request. */
function withBase(page: Uint8Array, basePath: string): Uint8Array {
  const href = basePath.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  const html = new TextDecoder().decode(page).replace('<base href="/">', () => `<base href="${href}">`);
  return new TextEncoder().encode(html);
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new HttpError(404, 'VIGILANT_NOT_FOUND', 'The path is not valid percent-encoding of UTF-8.');
  }
}
