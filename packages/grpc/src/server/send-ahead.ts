import type { ServerInterceptor } from '@grpc/grpc-js';
import { ServerInterceptingCall } from '@grpc/grpc-js';

/** Bytes of one call that may be on their way to the connection. */
const AHEAD_BYTES = 256 * 1024;

/**
 * Lets a stream hand over messages before the connection has taken those before them.
 *
 * grpc-js waits for each, which takes a turn of the event loop: of a process that is busy, only so many messages a
 * second would leave.
 */
export const sendAhead: ServerInterceptor = ({ responseStream }, call) =>
  // Other calls are left as they are: the type asks for more than grpc-js uses.
  responseStream ? new SendingAhead(call) : (call as ServerInterceptingCall);

class SendingAhead extends ServerInterceptingCall {
  #ahead = 0;

  override sendMessage(message: Uint8Array, onTaken: () => void): void {
    const bytes = message.byteLength;
    this.#ahead += bytes;
    const isFull = this.#ahead >= AHEAD_BYTES;
    super.sendMessage(message, () => {
      this.#ahead -= bytes;
      if (isFull) onTaken();
    });
    if (!isFull) onTaken();
  }
}
