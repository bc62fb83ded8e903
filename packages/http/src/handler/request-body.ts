import type { Clock, VigilantError } from '@vigilant/core';
import type { HeldRequest, RequestMemory } from '@vigilant/core/adapter';
import { abortable } from '@vigilant/core/adapter';
import { HttpError, invalidRequest } from '../wire/http-error';
import { gunzip } from './gunzip';

/** Limits of the bodies of a handler. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** Maximum pause within a body, in milliseconds. */
  readonly stallMs: number;
  readonly memory: RequestMemory;
  readonly clock: Clock;
}

/** The body of one request. Its bytes count towards the memory of all requests until `release`. */
export interface RequestBody {
  /** @throws {VigilantError} if the body exceeds a limit, is damaged or stalls */
  read(): Promise<Uint8Array>;
  release(): void;
}

/** Creates the body of a request. */
export function createRequestBody(request: Request, signal: AbortSignal, limits: BodyLimits): RequestBody {
  return new BoundedBody(request, signal, limits);
}

class BoundedBody implements RequestBody {
  readonly #request: Request;
  readonly #signal: AbortSignal;
  readonly #limits: BodyLimits;
  readonly #held: HeldRequest;
  /** Aborted with the error that ends reading. */
  readonly #ending = new AbortController();

  constructor(request: Request, signal: AbortSignal, limits: BodyLimits) {
    this.#request = request;
    this.#signal = signal;
    this.#limits = limits;
    this.#held = limits.memory.open((error) => this.#ending.abort(error));
  }

  async read(): Promise<Uint8Array> {
    const isGzip = isCompressed(this.#request.headers);
    this.#checkLength(isGzip);
    const onAbort = (): void => this.#ending.abort(this.#signal.reason);
    this.#signal.addEventListener('abort', onAbort, { once: true });
    try {
      const bytes = await this.#collect(isGzip ? gunzip(this.#receive(false)) : this.#receive(true), isGzip);
      this.#held.complete();
      return bytes;
    } catch (error) {
      throw this.#ending.signal.aborted ? this.#ending.signal.reason : error;
    } finally {
      this.#signal.removeEventListener('abort', onAbort);
    }
  }

  release(): void {
    this.#held.end();
  }

  /** Rejects a body with too large a `Content-Length` before reading it. */
  #checkLength(isGzip: boolean): void {
    const { maxBytes } = this.#limits;
    if (Number(this.#request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes, isGzip);
  }

  /** Yields the bytes as sent. With `isHeld`, they count towards the memory of all requests. */
  async *#receive(isHeld: boolean): AsyncGenerator<Uint8Array> {
    const { maxBytes, stallMs, clock } = this.#limits;
    const reader = this.#request.body?.getReader();
    let received = 0;
    try {
      for (;;) {
        const timer = clock.after(stallMs, () => this.#ending.abort(stalled(stallMs)));
        const next = readChunk(reader);
        const { done, value } = await abortable(next, this.#ending.signal).finally(() => timer.cancel());
        if (done) return;
        received += value.byteLength;
        if (received > maxBytes) throw tooLarge(maxBytes, !isHeld);
        if (!this.#held.receive(isHeld ? value.byteLength : 0)) this.#ending.signal.throwIfAborted();
        yield value;
      }
    } finally {
      void reader?.cancel().catch(() => {});
    }
  }

  async #collect(chunks: AsyncIterable<Uint8Array>, isGzip: boolean): Promise<Uint8Array> {
    const { maxBytes } = this.#limits;
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of chunks) {
      bytes += part.byteLength;
      if (bytes > maxBytes) throw tooLarge(maxBytes, isGzip);
      if (isGzip) this.#held.hold(part.byteLength);
      parts.push(part);
    }
    return concat(parts, bytes);
  }
}

type ReadResult =
  { readonly done: false; readonly value: Uint8Array } | { readonly done: true; readonly value?: undefined };

async function readChunk(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<ReadResult> {
  try {
    return ((await reader?.read()) ?? { done: true }) as ReadResult;
  } catch {
    throw invalidRequest(
      'body',
      'incomplete',
      'is incomplete because the connection failed; nothing was accepted',
    );
  }
}

/** Returns whether a body is compressed. @throws {VigilantError} for an encoding other than gzip */
function isCompressed(headers: Headers): boolean {
  const encoding = (headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return false;
  if (encoding === 'gzip' || encoding === 'x-gzip') return true;
  const reason = `"${encoding}" is not supported; send gzip or no encoding`;
  throw new HttpError(415, 'VIGILANT_QUERY_INVALID', `Content-Encoding: ${reason}`, {
    violations: [{ field: 'Content-Encoding', code: 'unsupported', reason }],
    headers: { 'accept-encoding': 'gzip' },
  });
}

function tooLarge(limit: number, isGzip: boolean): VigilantError {
  const after = isGzip ? ' after decompression' : '';
  const reason = `has more than ${limit} bytes${after}; send several smaller requests`;
  return invalidRequest('body', 'too_large', reason, { limit, status: 413 });
}

function stalled(stallMs: number): VigilantError {
  const reason = `stalled for ${stallMs} ms; nothing was accepted`;
  return new HttpError(408, 'VIGILANT_QUERY_INVALID', `body: ${reason}`, {
    retryable: true,
    violations: [{ field: 'body', code: 'stalled', reason, limit: stallMs }],
  });
}

function concat(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}
