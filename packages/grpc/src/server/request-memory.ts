import { VigilantError } from '@vigilant/core';
import type { ServerInterceptingCall, ServerInterceptor } from '@grpc/grpc-js';
import { expand, isEncoding } from './expand';
import type { CallStatus } from './status';
import { toServiceError } from './status';

/** Maximum bytes of requests, received and decompressed, that a server holds at once over all calls. */
export const MAX_REQUESTS_BYTES = 64 * 1024 * 1024;

/** When a client may send again, in milliseconds. */
const RETRY_AFTER_MS = 1_000;

/** The bytes of requests that all calls of a server hold. */
interface RequestMemory {
  held: number;
}

/**
 * The parts of a call of grpc-js that see a request before it is complete. They are internal, which is one reason for
 * the exact version in the package's dependencies: no interceptor is called before the whole message is decompressed.
 */
interface CallInternals {
  handleDataFrame(data: Uint8Array): void;
  decompressMessage(message: Uint8Array, encoding: string): Promise<Uint8Array> | Uint8Array;
  notifyOnCancel(): void;
  startRead(): void;
  sendStatus(status: CallStatus): void;
}

/** Length of what precedes a message: a flag and its size. */
const HEAD_BYTES = 5;

/**
 * Creates an interceptor that rejects a call with RESOURCE_EXHAUSTED once all requests together exceed
 * `MAX_REQUESTS_BYTES`. It must be the first one.
 */
export function boundRequests(): ServerInterceptor {
  const memory: RequestMemory = { held: 0 };
  return ({ requestStream }, call) => {
    boundCall(call as unknown as CallInternals, requestStream, memory);
    // Without a wrapper: the type asks for more than grpc-js uses.
    return call as ServerInterceptingCall;
  };
}

function boundCall(call: CallInternals, isRequestStream: boolean, memory: RequestMemory): void {
  const original: CallInternals = {
    handleDataFrame: call.handleDataFrame.bind(call),
    decompressMessage: call.decompressMessage.bind(call),
    notifyOnCancel: call.notifyOnCancel.bind(call),
    startRead: call.startRead.bind(call),
    sendStatus: call.sendStatus.bind(call),
  };
  let held = 0;
  let isOver = false;
  const hold = (bytes: number): void => {
    if (isOver) throw full();
    if (memory.held + bytes > MAX_REQUESTS_BYTES) throw full();
    memory.held += bytes;
    held += bytes;
  };
  const release = (): void => {
    memory.held -= held;
    held = 0;
  };

  call.handleDataFrame = (data) => {
    if (!isOver) {
      try {
        hold(data.byteLength);
      } catch (status) {
        original.sendStatus(status as CallStatus);
        return;
      }
    }
    original.handleDataFrame(data);
  };
  call.decompressMessage = (message, encoding) =>
    isEncoding(encoding)
      ? expand(message.subarray(HEAD_BYTES), encoding, hold)
      : original.decompressMessage(message, encoding);
  call.startRead = () => {
    // The messages before the next one have been processed.
    if (isRequestStream) release();
    original.startRead();
  };
  // Called when the status is sent, and when the client leaves.
  call.notifyOnCancel = () => {
    isOver = true;
    release();
    original.notifyOnCancel();
  };
}

function full(): CallStatus {
  return toServiceError(
    new VigilantError(
      'VIGILANT_BROKER_FULL',
      `The server holds ${MAX_REQUESTS_BYTES} bytes of requests, its limit. Nothing was accepted; send again after a pause.`,
      { retryAfterMs: RETRY_AFTER_MS },
    ),
  );
}
