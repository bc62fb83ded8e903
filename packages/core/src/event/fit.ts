import type { EventInput } from './event';
import { MAX_MESSAGE_BYTES } from './limits';
import { toFittingObject } from './safe-json';

/** Maximum size of the mark after a message, in bytes. */
const MARK_BYTES = 64;

/**
 * Cuts the message and the data of an input to the limits of an event and marks the cuts. Data that is not an object is
 * put under the key `value`.
 */
export function fitInput(input: EventInput): EventInput {
  return { ...input, message: fitMessage(input.message), data: toFittingObject(input.data) };
}

function fitMessage(message: string): string {
  if (typeof message !== 'string' || Buffer.byteLength(message) <= MAX_MESSAGE_BYTES) return message;
  const start = Buffer.from(message.slice(0, MAX_MESSAGE_BYTES)).subarray(0, MAX_MESSAGE_BYTES - MARK_BYTES);
  // With `stream`, a character split by the cut is left out.
  const kept = new TextDecoder('utf-8', { ignoreBOM: true }).decode(start, { stream: true });
  return `${kept}… [${message.length} characters]`;
}
