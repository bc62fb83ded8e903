import { VigilantError } from '@vigilant/core';
import type { ServerDuplexStream, ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import { DecodeError } from '../wire/decode-error';
import type { Codec } from '../wire/schema';
import { toServiceError } from './call-status';

/** A running call. */
export interface Call {
  /** Aborted when the client cancels or disconnects, its deadline passes, or the server stops and the call is a stream. */
  readonly signal: AbortSignal;
  /** Returns the milliseconds until the client's deadline, or `Infinity`. */
  remainingMs(): number;
}

/** State that all calls of a server share. */
export interface CallContext {
  /** The open streams, which end when the server stops. */
  readonly streams: Set<OpenStream>;
  /** Receives the error of each failed call. */
  readonly onFailure: (path: string, error: unknown) => void;
}

/** An open stream. */
export interface OpenStream {
  /** Ends the stream with the status of an error. */
  end(error: VigilantError): void;
}

type AnyUnaryCall = ServerUnaryCall<Uint8Array, Uint8Array>;
type AnyStreamCall =
  ServerWritableStream<Uint8Array, Uint8Array> | ServerDuplexStream<Uint8Array, Uint8Array>;

/** Runs the handler of a unary call and sends its response or its error. */
export function runUnary<Request, Response>(
  call: AnyUnaryCall,
  callback: sendUnaryData<Uint8Array>,
  codecs: { readonly request: Pick<Codec<Request>, 'decode'>; readonly response: Codec<Response> },
  handle: (request: Request, call: Call) => Promise<Response>,
  context: CallContext,
): void {
  const running = new UnaryCall(call);
  const work = async (): Promise<Uint8Array> => {
    const request = decodeRequest(codecs.request, call.request);
    return codecs.response.encode(await handle(request, running));
  };
  work().then(
    (bytes) => {
      running.end();
      callback(null, bytes);
    },
    (error: unknown) => {
      if (!running.isCancelled) context.onFailure(call.getPath(), error);
      running.end();
      callback(toServiceError(error));
    },
  );
}

/**
 * A unary call. Its signal is created when a handler reads it, and not aborted by the end of the call: a signal costs about as
 * much as the rest of a call that logs one event.
 */
class UnaryCall implements Call {
  readonly #call: AnyUnaryCall;
  #controller: AbortController | undefined;
  #isOver = false;
  /** Whether the client cancelled or disconnected before the end of the call. */
  isCancelled = false;

  constructor(call: AnyUnaryCall) {
    this.#call = call;
    // Emitted at the end of every call.
    call.on('cancelled', () => this.#cancel());
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.isCancelled) this.#controller.abort();
    return this.#controller.signal;
  }

  /** A bound property, because handlers destructure it. */
  readonly remainingMs = (): number => remainingMs(this.#call);

  /** Ends the call. A later cancellation does not abort its signal. */
  end(): void {
    this.#isOver = true;
  }

  #cancel(): void {
    if (this.#isOver) return;
    this.isCancelled = true;
    this.#controller?.abort();
  }
}

/** Sends the responses of a handler as fast as the client reads them. */
export async function runStream<Response>(
  call: AnyStreamCall,
  response: Codec<Response>,
  handle: (call: Call) => AsyncIterable<Response>,
  context: CallContext,
): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const end = (error: unknown): void => {
    if (signal.aborted) return;
    controller.abort();
    context.streams.delete(stream);
    call.emit('error', toServiceError(error));
  };
  const stream: OpenStream = { end };
  context.streams.add(stream);
  const release = (): void => {
    controller.abort();
    context.streams.delete(stream);
  };
  for (const event of ['cancelled', 'close', 'error']) call.on(event, release);
  try {
    for await (const message of handle({ signal, remainingMs: () => remainingMs(call) })) {
      if (signal.aborted) return;
      if (!call.write(response.encode(message))) await drained(call, signal);
    }
    if (!signal.aborted) call.end();
  } catch (error) {
    if (!signal.aborted) context.onFailure(call.getPath(), error);
    end(error);
  } finally {
    context.streams.delete(stream);
  }
}

/** Decodes a request. @throws {VigilantError} `VIGILANT_QUERY_INVALID` with the field if it is not a valid message. */
export function decodeRequest<Request>(codec: Pick<Codec<Request>, 'decode'>, bytes: Uint8Array): Request {
  try {
    return codec.decode(bytes);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const { field, reason, message } = error;
    throw new VigilantError('VIGILANT_QUERY_INVALID', `The request is not a valid message: ${message}.`, {
      cause: error,
      violations: field === '' ? [] : [{ field, code: 'malformed', reason }],
    });
  }
}

function remainingMs(call: AnyUnaryCall | AnyStreamCall): number {
  const deadline = call.getDeadline();
  return (deadline instanceof Date ? deadline.getTime() : deadline) - Date.now();
}

function drained(call: AnyStreamCall, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      call.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    if (signal.aborted) return resolve();
    call.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
  });
}
