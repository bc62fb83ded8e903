import type { IncomingMessage } from 'node:http';

/** Bytes of a body that are buffered before the handler reads them. */
const AHEAD_BYTES = 64 * 1024;

/** Target of a request. */
export interface RequestTarget {
  /** Path and query, such as `/v1/events?limit=1`. */
  readonly path: string;
  /** Host of a target in absolute form. */
  readonly host?: string;
}

/** Parses a target such as `/v1/events`, or `http://localhost/v1/events` as clients of a proxy send it. */
export function parseTarget(target: string): RequestTarget {
  const [, host, rest = ''] = /^https?:\/\/([^/?]+)(.*)$/i.exec(target) ?? [];
  if (host === undefined) return { path: target };
  return { host, path: rest.startsWith('/') ? rest : `/${rest}` };
}

/** Converts a request of `node:http`. */
export function toRequest(
  incoming: IncomingMessage,
  { path, host }: RequestTarget,
  signal: AbortSignal,
): Request {
  const { method = 'GET', rawHeaders } = incoming;
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2)
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  // The host of the target has precedence, see RFC 9112, section 3.2.2.
  if (host !== undefined) headers.set('host', host);
  const body = method === 'GET' || method === 'HEAD' ? null : bodyOf(incoming);
  // The host is checked by its header. A target that is not a path matches no endpoint.
  const url = `http://localhost${path.startsWith('/') ? path : '/*'}`;
  return new Request(url, { method, headers, body, signal, duplex: 'half' } as RequestInit);
}

/** Streams a body. Unlike `Readable.toWeb`, cancelling does not close the connection. */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let hasEnded = false;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const end = (finish: () => void): void => {
          if (hasEnded) return;
          hasEnded = true;
          finish();
        };
        incoming.on('data', (chunk: Uint8Array) => {
          if (hasEnded) return;
          controller.enqueue(chunk);
          if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
        });
        incoming.once('end', () => end(() => controller.close()));
        incoming.once('error', (error) => end(() => controller.error(error)));
        incoming.once('close', () =>
          end(() => controller.error(new Error('The client closed the connection.'))),
        );
        incoming.pause();
      },
      pull: () => void incoming.resume(),
      cancel() {
        hasEnded = true;
        incoming.resume();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: AHEAD_BYTES }),
  );
}
