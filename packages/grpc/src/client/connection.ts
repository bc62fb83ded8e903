import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { Client } from '@grpc/grpc-js';
import type { ErrorCode } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import { reasonOf, sharedSignal } from '@vigilant/core/adapter';
import { CHANNEL_OPTIONS } from '../channel';
import { hostOf, isLoopback } from '../loopback';
import type { Codec } from '../wire/schema';
import { methodsOf } from '../wire/schema';
import type { Failure } from './failure';
import { toFailure } from './failure';
import type { GrpcClientOptions } from './options';

const SERVICE = 'vigilant.v1.EventService';

/** How long it waits between attempts to connect: a server that was restarted is found soon. */
const RECONNECT = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 10_000,
} as const;

/** How a call is made. */
export interface CallOptions<Request, Response> {
  /** @defaultValue the schema's codec */
  readonly requestCodec?: Codec<Request>;
  /** @defaultValue the schema's codec */
  readonly responseCodec?: Codec<Response>;
  /** The code of an error that says no more than that the server cannot be reached. */
  readonly fallback: ErrorCode;
  readonly signal?: AbortSignal | undefined;
}

/** The one channel of a client. */
export interface Connection {
  /** Calls a method. Rejects with a `Failure`, or with the signal's reason. */
  call<Request, Response>(
    method: string,
    request: Request,
    options: CallOptions<Request, Response>,
  ): Promise<Response>;
  /** Opens a stream of encoded messages. */
  stream(method: string, request: object): ClientReadableStream<Uint8Array>;
  decode<Response>(method: string, bytes: Uint8Array): Response;
  close(): void;
}

/** Connects when the first call is made, and again whenever that is needed. */
export function connect({
  address,
  credentials,
  deadlineMs,
}: Required<Pick<GrpcClientOptions, 'address' | 'credentials' | 'deadlineMs'>>): Connection {
  const client = new Client(address, credentials, {
    ...CHANNEL_OPTIONS,
    ...RECONNECT,
    // A proxy on another machine cannot reach the loopback of this one.
    ...(isLoopback(hostOf(address)) ? { 'grpc.enable_http_proxy': 0 } : {}),
  });
  const methods = new Map(methodsOf(SERVICE).map((method) => [method.name, method]));
  const methodAt = (name: string) => {
    const method = methods.get(name);
    if (method === undefined) throw new Error(`The schema has no method ${name}.`);
    return method;
  };
  return {
    call<Request, Response>(name: string, request: Request, options: CallOptions<Request, Response>) {
      const method = methodAt(name);
      const { fallback, signal } = options;
      const requestCodec = options.requestCodec ?? (method.request as Codec<Request>);
      const responseCodec = options.responseCodec ?? (method.response as Codec<Response>);
      return new Promise<Response>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        const finish = (error: ServiceError | null, answer?: Response): void => {
          signal?.removeEventListener('abort', cancel);
          if (error === null) resolve(answer as Response);
          else if (signal?.aborted) reject(signal.reason as Error);
          else reject(toFailure(error, fallback) as unknown as Error);
        };
        const call = client.makeUnaryRequest<Request, Response>(
          method.path,
          (value) => Buffer.from(requestCodec.encode(value)),
          (bytes) => responseCodec.decode(bytes),
          request,
          { deadline: Date.now() + deadlineMs },
          finish,
        );
        const cancel = (): void => call.cancel();
        sharedSignal(signal)?.addEventListener('abort', cancel, { once: true });
      });
    },
    stream(name, request) {
      const { path, request: codec } = methodAt(name);
      const encode = (value: object): Buffer => Buffer.from(codec.encode(value));
      return client.makeServerStreamRequest(path, encode, (bytes: Buffer): Uint8Array => bytes, request);
    },
    decode: (name, bytes) => decodeAnswer(methodAt(name).response as Codec<never>, bytes),
    close: () => client.close(),
  };
}

/** Decodes what a server sent. @throws {VigilantError} `VIGILANT_INTERNAL` if it is not a valid message. */
export function decodeAnswer<Response>(codec: Codec<Response>, bytes: Uint8Array): Response {
  try {
    return codec.decode(bytes);
  } catch (error) {
    const message = `The server sent a message that cannot be decoded: ${reasonOf(error)}.`;
    throw new VigilantError('VIGILANT_INTERNAL', message, { retryable: false, cause: error });
  }
}

/** Tells what `call` rejects with. */
export function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'isFinal' in value && 'error' in value;
}

/** Turns what `call` rejects with into what a caller gets. */
export async function unwrapped<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isFailure(error) ? error.error : error;
  }
}
