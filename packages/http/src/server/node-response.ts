import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '@vigilant/core';

/** How long the rest of a body is discarded before the connection is closed, in milliseconds. */
const DISCARD_MS = 2_000;

/** How many bytes of the rest of a body are discarded before the connection is closed. */
const DISCARD_BYTES = 32 * 1024 * 1024;

/** Sends a response as fast as the client reads it. Closes the connection if the body fails. */
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
    await discardBody(incoming);
    outgoing.end();
    if (!incoming.complete) incoming.destroy();
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

/**
 * Discards the rest of a body, within limits. A connection that is closed before its client has sent everything is reset, and a
 * client that is still sending may then lose the response.
 */
function discardBody(incoming: IncomingMessage): Promise<void> | undefined {
  if (incoming.complete || incoming.destroyed) return undefined;
  return new Promise((resolve) => {
    let bytes = 0;
    const end = (): void => {
      timer.cancel();
      incoming.off('data', count);
      resolve();
    };
    const count = (chunk: Uint8Array): void => {
      bytes += chunk.length;
      if (bytes > DISCARD_BYTES) end();
    };
    const timer = systemClock.after(DISCARD_MS, end);
    incoming.on('data', count).once('end', end).once('close', end).resume();
  });
}
