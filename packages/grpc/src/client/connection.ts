import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { Client } from '@grpc/grpc-js';
import type { ErrorCode } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import { isLoopback, reasonOf, sharedSignal } from '@vigilant/core/adapter';
import { CHANNEL_OPTIONS } from '../transport/channel-options';
import { hostOf } from '../transport/address';
import type { Codec, Method } from '../wire/schema';
import { methodsOf } from '../wire/schema';
import { toFailure } from './failure';
import type { ResolvedClientOptions } from './client-options';

const SERVICE = 'vigilant.v1.EventService';

/** Pauses between connection attempts, short enough to reconnect soon after a server restart. */
const RECONNECT = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 10_000,
} as const;

/** Options of a call. */
export interface CallOptions<Request, Response> {
  /** @defaultValue the schema's codec */
  readonly requestCodec?: Codec<Request>;
  /** @defaultValue the schema's codec */
  readonly responseCodec?: Codec<Response>;
  /** The code of the error if the server cannot be reached. */
  readonly fallback: ErrorCode;
  readonly signal?: AbortSignal | undefined;
}

/** The connection of a client to its server. */
export interface Connection {
  /** Calls a method. Rejects with a `Failure`, with the signal's reason, or with `VIGILANT_CLOSED` after `close()`. */
  call<Request, Response>(
    method: string,
    request: Request,
    options: CallOptions<Request, Response>,
  ): Promise<Response>;
  /** Opens a stream of encoded messages. */
  stream(method: string, request: object): ClientReadableStream<Uint8Array>;
  /** Decodes a message of a stream. @throws {VigilantError} `VIGILANT_INTERNAL` if it is not a valid message. */
  decode<Response>(method: string, bytes: Uint8Array): Response;
  /** Cancels the pending calls and closes the channel. */
  close(): void;
}

/** Creates a connection. It connects on the first call and reconnects as needed. */
export function connect(options: ConnectOptions): Connection {
  return new ChannelConnection(options);
}

/** Options of `connect`. */
export type ConnectOptions = Pick<ResolvedClientOptions, 'address' | 'credentials' | 'deadlineMs'>;

class ChannelConnection implements Connection {
  readonly #client: Client;
  readonly #deadlineMs: number;
  readonly #methods: ReadonlyMap<string, Method>;
  readonly #closed = new AbortController();

  constructor({ address, credentials, deadlineMs }: ConnectOptions) {
    this.#deadlineMs = deadlineMs;
    this.#methods = new Map(methodsOf(SERVICE).map((method) => [method.name, method]));
    this.#client = new Client(address, credentials, {
      ...CHANNEL_OPTIONS,
      ...RECONNECT,
      // A proxy on another machine cannot reach the loopback of this one.
      ...(isLoopback(hostOf(address)) ? { 'grpc.enable_http_proxy': 0 } : {}),
    });
  }

  async call<Request, Response>(
    name: string,
    request: Request,
    options: CallOptions<Request, Response>,
  ): Promise<Response> {
    const method = this.#methodAt(name);
    const requestCodec = options.requestCodec ?? (method.request as Codec<Request>);
    const responseCodec = options.responseCodec ?? (method.response as Codec<Response>);
    const signals = [this.#closed.signal, options.signal].flatMap((signal) => sharedSignal(signal) ?? []);
    return new Promise<Response>((resolve, reject) => {
      const aborted = signals.find(({ aborted }) => aborted);
      if (aborted !== undefined) return reject(aborted.reason as Error);
      const finish = (error: ServiceError | null, response?: Response): void => {
        for (const each of signals) each.removeEventListener('abort', cancel);
        if (error === null) return resolve(response as Response);
        const reason = signals.find(({ aborted }) => aborted)?.reason as Error | undefined;
        reject(reason ?? (toFailure(error, options.fallback) as unknown as Error));
      };
      const call = this.#client.makeUnaryRequest<Request, Response>(
        method.path,
        (value) => Buffer.from(requestCodec.encode(value)),
        (bytes) => responseCodec.decode(bytes),
        request,
        { deadline: Date.now() + this.#deadlineMs },
        finish,
      );
      const cancel = (): void => call.cancel();
      for (const each of signals) each.addEventListener('abort', cancel, { once: true });
    });
  }

  stream(name: string, request: object): ClientReadableStream<Uint8Array> {
    const { path, request: codec } = this.#methodAt(name);
    const encode = (value: object): Buffer => Buffer.from(codec.encode(value));
    return this.#client.makeServerStreamRequest(path, encode, (bytes: Buffer): Uint8Array => bytes, request);
  }

  decode<Response>(name: string, bytes: Uint8Array): Response {
    return decodeResponse(this.#methodAt(name).response as Codec<Response>, bytes);
  }

  close(): void {
    this.#closed.abort(clientClosed());
    this.#client.close();
  }

  #methodAt(name: string): Method {
    const method = this.#methods.get(name);
    if (method === undefined) throw new Error(`The schema does not have the method ${name}.`);
    return method;
  }
}

/** Creates the error of calls after `close()`. */
export function clientClosed(): VigilantError {
  return new VigilantError('VIGILANT_CLOSED', 'The client is closed.');
}

/** Decodes a message of the server. @throws {VigilantError} `VIGILANT_INTERNAL` if it is not a valid message. */
export function decodeResponse<Response>(codec: Codec<Response>, bytes: Uint8Array): Response {
  try {
    return codec.decode(bytes);
  } catch (error) {
    const message = `The server sent a message that cannot be decoded: ${reasonOf(error)}.`;
    throw new VigilantError('VIGILANT_INTERNAL', message, { retryable: false, cause: error });
  }
}
