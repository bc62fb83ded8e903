/** Headers that contain credentials. Their values are replaced by `[Redacted]`. */
const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'proxy-authorization',
  'set-cookie',
  'x-api-key',
  'x-auth-token',
  'x-csrf-token',
]);

const REDACTED = '[Redacted]';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Returns the identifying fields of a request or a response of Node.js or of `fetch`, or the entries of `Headers`;
 * `undefined` for any other object. Values of headers with credentials are replaced by `[Redacted]`.
 *
 * Objects are recognised by their shape, because frameworks wrap them and test runners have other realms.
 */
export function httpMessageFields(value: object): object | undefined {
  switch (Object.prototype.toString.call(value)) {
    case '[object Request]':
      return fetchRequest(value as Fields);
    case '[object Response]':
      return fetchResponse(value as Fields);
    case '[object Headers]':
      return toHeaders(value);
    default:
      return nodeMessage(value as Fields);
  }
}

/**
 * Returns the fields of the messages of Node.js that an object of a framework holds: a request or a reply of Fastify, or a
 * request, a response or a context of Koa. Returns `undefined` for any other object.
 */
export function heldMessageFields(value: object): object | undefined {
  const raw = heldMessage(value, 'raw');
  if (raw !== undefined) return raw;
  const request = heldMessage(value, 'req');
  const response = heldMessage(value, 'res');
  if (request === undefined || response === undefined || !('app' in value)) return undefined;
  if (!('response' in value)) return 'request' in value ? response : undefined;
  return 'request' in value ? { request, response } : request;
}

/** Calls no getter. */
function heldMessage(value: object, key: string): object | undefined {
  const held: unknown = Object.getOwnPropertyDescriptor(value, key)?.value;
  return typeof held === 'object' && held !== null ? nodeMessage(held as Fields) : undefined;
}

function nodeMessage(value: Fields): object | undefined {
  if (!('socket' in value)) return undefined;
  if ('httpVersion' in value && 'headers' in value) return nodeRequest(value);
  if (typeof value['getHeaders'] !== 'function') return undefined;
  if ('statusCode' in value) return nodeResponse(value);
  return 'path' in value && 'method' in value ? clientRequest(value) : undefined;
}

/** Also describes the response of an outgoing request, which has a status instead of a method. */
function nodeRequest({ method, url, originalUrl, statusCode, headers, socket }: Fields): object {
  const { remoteAddress, remotePort } = (socket ?? {}) as Fields;
  return {
    ...(method ? { method, url: originalUrl ?? url } : { statusCode }),
    headers: toHeaders(headers),
    remoteAddress,
    remotePort,
  };
}

function nodeResponse(response: Fields): object {
  const getHeaders = response['getHeaders'] as () => object;
  return { statusCode: response['statusCode'], headers: toHeaders(getHeaders.call(response)) };
}

function clientRequest(request: Fields): object {
  const getHeaders = request['getHeaders'] as () => object;
  const { method, protocol, host, path } = request as Readonly<Record<string, string>>;
  return { method, url: `${protocol}//${host}${path}`, headers: toHeaders(getHeaders.call(request)) };
}

function fetchRequest({ method, url, headers }: Fields): object {
  return { method, url, headers: toHeaders(headers) };
}

function fetchResponse({ status, url, headers }: Fields): object {
  return { status, ...(url === '' ? {} : { url }), headers: toHeaders(headers) };
}

function toHeaders(headers: unknown): object {
  const entries = isIterable(headers) ? headers : Object.entries(headers ?? {});
  const result: Record<string, unknown> = {};
  for (const [name, value] of entries)
    result[name] = SECRET_HEADERS.has(name.toLowerCase()) ? REDACTED : value;
  return result;
}

function isIterable(headers: unknown): headers is Iterable<readonly [string, unknown]> {
  return typeof (headers as Partial<Iterable<unknown>> | undefined)?.[Symbol.iterator] === 'function';
}
