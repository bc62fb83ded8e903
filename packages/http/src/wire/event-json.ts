import type { Event } from '@vigilant/core';
import { toEventJson } from '@vigilant/core/adapter';

const UTF8 = new TextEncoder();

/** Encoded events. The tails of a handler receive the same objects. */
const encoded = new WeakMap<Event, Uint8Array>();

/** Returns the JSON of an event as UTF-8. The bytes are cached while the event is in memory. */
export function encodeEventJson(event: Event): Uint8Array {
  const known = encoded.get(event);
  if (known !== undefined) return known;
  const bytes = UTF8.encode(JSON.stringify(toEventJson(event)));
  encoded.set(event, bytes);
  return bytes;
}
