import { VigilantError } from '@vigilant/core';
import { FULL_RETRY_MS } from '@vigilant/core/adapter';
import type { ServerInterceptingCall, ServerInterceptor } from '@grpc/grpc-js';
import { decompress, isEncoding } from './decompress';
import type { CallStatus } from './call-status';
import { toServiceError } from './call-status';

/** Maximum bytes of requests, received and decompressed, that a server holds across all calls. */
export const MAX_REQUESTS_BYTES = 64 * 1024 * 1024;

/** The memory that the requests of a server occupy. */
interface RequestMemory {
  bytes: number;
  /** Requests that are not complete yet, the oldest first. */
  readonly incomplete: Set<BoundedRequest>;
}

/**
 * The members of a grpc-js call that receive a request before it is complete. Interceptors are called only after the whole
 * message is decompressed. These members are internal, so the dependency on grpc-js names an exact version.
 */
interface CallInternals {
  handleDataFrame(data: Uint8Array): void;
  decompressMessage(message: Uint8Array, encoding: string): Promise<Uint8Array> | Uint8Array;
  notifyOnCancel(): void;
  startRead(): void;
  sendStatus(status: CallStatus): void;
}

/** Bytes that precede a message: a flag and its size. */
const HEAD_BYTES = 5;

/**
 * Creates an interceptor that rejects calls with RESOURCE_EXHAUSTED while all requests together exceed
 * `MAX_REQUESTS_BYTES`: first those whose request has been incomplete longest, so that clients that stall do not
 * block other clients. It must be the first interceptor.
 */
export function boundRequests(): ServerInterceptor {
  const memory: RequestMemory = { bytes: 0, incomplete: new Set() };
  return ({ requestStream }, call) => {
    bind(call as unknown as CallInternals, requestStream, memory);
    // The call is not wrapped. The type requires more than grpc-js uses.
    return call as ServerInterceptingCall;
  };
}

/** Routes the data of a call through a bounded request. */
function bind(call: CallInternals, isRequestStream: boolean, memory: RequestMemory): void {
  const handleDataFrame = call.handleDataFrame.bind(call);
  const decompressMessage = call.decompressMessage.bind(call);
  const notifyOnCancel = call.notifyOnCancel.bind(call);
  const startRead = call.startRead.bind(call);
  const request = new BoundedRequest(memory, (status) => call.sendStatus(status));
  call.handleDataFrame = (data) => {
    if (request.receive(data.byteLength)) handleDataFrame(data);
  };
  // Called for every complete message, compressed or not.
  call.decompressMessage = (message, encoding) => {
    request.complete();
    if (!isEncoding(encoding)) return decompressMessage(message, encoding);
    return decompress(message.subarray(HEAD_BYTES), encoding, (bytes) => request.hold(bytes));
  };
  call.startRead = () => {
    // All earlier messages have been processed.
    if (isRequestStream) request.release();
    startRead();
  };
  // Called when the status is sent, and when the client leaves.
  call.notifyOnCancel = () => {
    request.end();
    notifyOnCancel();
  };
}

/** The bytes of requests that one call holds. */
class BoundedRequest {
  readonly #memory: RequestMemory;
  readonly #sendStatus: (status: CallStatus) => void;
  #bytes = 0;
  #isOver = false;

  constructor(memory: RequestMemory, sendStatus: (status: CallStatus) => void) {
    this.#memory = memory;
    this.#sendStatus = sendStatus;
  }

  /** Holds received bytes. Returns `false` if the call has ended or is rejected by this. */
  receive(bytes: number): boolean {
    if (this.#isOver) return false;
    this.#memory.incomplete.add(this);
    try {
      this.hold(bytes);
      return true;
    } catch {
      this.#reject();
      return false;
    }
  }

  /** Notes that a message has been received completely. */
  complete(): void {
    this.#memory.incomplete.delete(this);
  }

  /** Holds further bytes. Throws the status of the call if there is no room. */
  hold(bytes: number): void {
    while (!this.#isOver && this.#memory.bytes + bytes > MAX_REQUESTS_BYTES) {
      const [oldest = this] = this.#memory.incomplete;
      if (oldest === this) throw full();
      oldest.#reject();
    }
    if (this.#isOver) throw full();
    this.#memory.bytes += bytes;
    this.#bytes += bytes;
  }

  release(): void {
    this.#memory.bytes -= this.#bytes;
    this.#bytes = 0;
  }

  end(): void {
    this.#isOver = true;
    this.complete();
    this.release();
  }

  #reject(): void {
    this.end();
    this.#sendStatus(full());
  }
}

function full(): CallStatus {
  return toServiceError(
    new VigilantError(
      'VIGILANT_BROKER_FULL',
      `The requests that the server is receiving exceed its limit of ${MAX_REQUESTS_BYTES} bytes. Nothing was accepted. Send the request again later.`,
      { retryAfterMs: FULL_RETRY_MS },
    ),
  );
}
