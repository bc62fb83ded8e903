/** Files of the console. */
export interface ConsoleFiles {
  /**
   * Returns a file, or `undefined` if it does not exist.
   *
   * @param path - Without a leading slash, such as `assets/app.js`. `index.html` is served for every page. It contains
   * `<base href="/">`, which the handler replaces.
   */
  get(path: string): ConsoleFile | undefined;
  /** Returns whether a path, without a leading slash, is a page of the console, such as `overview`. `''` is the start page. */
  isPage(path: string): boolean;
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

/** Served for every page. */
const PAGE = 'index.html';

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
 * Returns the response with the file or page of a path, or `undefined` if there is none.
 *
 * @param path - Without a leading slash, percent-encoded.
 * @param basePath - The public path of the handler; ends with `/`.
 */
export function serveConsole(
  files: ConsoleFiles,
  path: string,
  basePath: string,
  request: Request,
): Response | undefined {
  const isPage = files.isPage(path);
  const file = isPage ? files.get(PAGE) : path === PAGE ? undefined : files.get(path);
  if (file === undefined) return undefined;
  if (!isPage) return fileResponse(file, request);
  return fileResponse({ ...file, immutable: false, body: withBase(file.body, basePath) }, request, false);
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
