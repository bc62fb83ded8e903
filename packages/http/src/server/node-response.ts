import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '@vigilant/core';

/** How long a client may continue to send a body after the response, in milliseconds. */
const DRAIN_MS = 2_000;

/** Sends a response as fast as the client reads it. A body that fails closes the connection. */
export async function sendResponse(
  response: Response,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const reader = response.body?.getReader();
  const cancel = (): void => void reader?.cancel().catch(() => {});
  if (outgoing.destroyed) return cancel();
  outgoing.once('close', cancel);
  try {
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    // The client receives the headers of a stream before its first message.
    outgoing.flushHeaders();
    for (;;) {
      const { done = true, value } = (await reader?.read()) ?? {};
      if (done || outgoing.destroyed) break;
      if (!outgoing.write(value)) await drained(outgoing);
    }
    outgoing.end();
    endUnreadBody(incoming);
  } catch {
    outgoing.destroy();
  }
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off('drain', done);
      outgoing.off('close', done);
      resolve();
    };
    outgoing.once('drain', done);
    outgoing.once('close', done);
  });
}

/** Closes the connection of a client that continues to send a body after the response. */
function endUnreadBody(incoming: IncomingMessage): void {
  if (incoming.complete) return;
  incoming.resume();
  const timer = systemClock.after(DRAIN_MS, () => incoming.destroy());
  incoming.once('close', () => timer.cancel());
}
