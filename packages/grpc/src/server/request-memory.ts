import type { HeldRequest, RequestMemory } from '@vigilant/core/adapter';
import { createRequestMemory } from '@vigilant/core/adapter';
import type { ServerInterceptingCall, ServerInterceptor } from '@grpc/grpc-js';
import { decompress, isEncoding } from './decompress';
import type { CallStatus } from './call-status';
import { toServiceError } from './call-status';

/** Maximum bytes of requests, received and decompressed, that a server holds across all calls. */
export const MAX_REQUESTS_BYTES = 64 * 1024 * 1024;

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
  const memory = createRequestMemory(MAX_REQUESTS_BYTES);
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
  const request = memory.open((error) => call.sendStatus(toServiceError(error)));
  call.handleDataFrame = (data) => {
    if (request.receive(data.byteLength)) handleDataFrame(data);
  };
  // Called for every complete message, compressed or not.
  call.decompressMessage = (message, encoding) => {
    request.complete();
    if (!isEncoding(encoding)) return decompressMessage(message, encoding);
    return decompress(message.subarray(HEAD_BYTES), encoding, (bytes) => hold(request, bytes));
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

/** Holds further bytes. Throws the status of the call if there is no room. */
function hold(request: HeldRequest, bytes: number): void {
  try {
    request.hold(bytes);
  } catch (error) {
    throw toServiceError(error);
  }
}
