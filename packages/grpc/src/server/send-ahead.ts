import type { ServerInterceptor } from '@grpc/grpc-js';
import { ServerInterceptingCall } from '@grpc/grpc-js';

/** Maximum bytes of one call that are sent before the connection has accepted them. */
const AHEAD_BYTES = 256 * 1024;

/**
 * An interceptor that sends messages of a stream before the connection has accepted the previous ones.
 *
 * grpc-js waits for each message, which takes a turn of the event loop and limits the rate of a busy process.
 */
export const sendAhead: ServerInterceptor = ({ responseStream }, call) =>
  // Other calls are not wrapped. The type requires more than grpc-js uses.
  responseStream ? new SendingAhead(call) : (call as ServerInterceptingCall);

class SendingAhead extends ServerInterceptingCall {
  #ahead = 0;

  override sendMessage(message: Uint8Array, onAccepted: () => void): void {
    const bytes = message.byteLength;
    this.#ahead += bytes;
    const isFull = this.#ahead >= AHEAD_BYTES;
    super.sendMessage(message, () => {
      this.#ahead -= bytes;
      if (isFull) onAccepted();
    });
    if (!isFull) onAccepted();
  }
}
