import { connect } from 'node:http2';
import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';
import { codecOf } from '../../src/wire/schema';
import type { Status } from '../../src/generated/google-rpc';
import { atEnd } from './serve';

/** Maximum memory of a connection, more than these tests send. */
const MAX_SESSION_MIB = 1_000;

/** Opens an HTTP/2 connection, to send requests that a gRPC library does not send. */
export function connectHttp2(address: string): ClientHttp2Session {
  const session = connect(`http://${address}`, { maxSessionMemory: MAX_SESSION_MIB });
  session.on('error', () => {});
  atEnd(async () => session.destroy());
  return session;
}

/** Puts a message into a gRPC frame. */
export function frame(message: Uint8Array, isCompressed: boolean): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(isCompressed ? 1 : 0);
  head.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([head, message]);
}

/** The outcome of a call: its status, and the types of its error details. */
export interface Outcome {
  readonly code: number;
  readonly message: string;
  readonly details: readonly string[];
}

/** Opens a call. Sends the body, or leaves the request open if there is none. */
export function openCall(session: ClientHttp2Session, path: string, headers: object, body?: Uint8Array) {
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  stream.on('error', () => {});
  stream.resume();
  if (body !== undefined) stream.end(body);
  const outcome = new Promise<Outcome>((resolve) => {
    const settle = (fields: IncomingHttpHeaders): void => {
      if (fields['grpc-status'] !== undefined) resolve(toOutcome(fields));
    };
    stream.on('response', settle);
    stream.on('trailers', settle);
    stream.on('close', () => resolve({ code: -1, message: `closed with ${stream.rstCode}`, details: [] }));
  });
  return { stream, outcome };
}

function toOutcome(fields: IncomingHttpHeaders): Outcome {
  const bytes = Buffer.from(String(fields['grpc-status-details-bin'] ?? ''), 'base64');
  const { details = [] } = codecOf<Status>('google.rpc.Status').decode(bytes);
  return {
    code: Number(fields['grpc-status']),
    message: decodeURIComponent(String(fields['grpc-message'] ?? '')),
    details: details.map(({ type_url = '' }) => type_url.slice(type_url.indexOf('/') + 1)),
  };
}
