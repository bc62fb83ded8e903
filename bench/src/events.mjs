import { systemClock } from '@vigilant/core';
import { decodeExternalEvent, normalizeEvent, resolveDefaults } from '@vigilant/core/adapter';

const DEFAULTS = resolveDefaults({});
const CONTEXT = { defaults: DEFAULTS, now: () => Date.now() };

/** The events that an engine makes of inputs: new ones at each call, as an event remembers its bytes. */
export function toEvents(inputs) {
  return inputs.map((input) => normalizeEvent(input, { ...CONTEXT, newId: noId }));
}

/** What an engine hands its adapters, for one that is measured alone. */
export function createContext() {
  return {
    clock: systemClock,
    diagnostics: () => {},
    signal: new AbortController().signal,
    decodeEvent: (bytes, position) => decodeExternalEvent(bytes, position, CONTEXT),
  };
}

/** Cuts a list into pieces. */
export function chunksOf(list, size) {
  const chunks = [];
  for (let start = 0; start < list.length; start += size) chunks.push(list.slice(start, start + size));
  return chunks;
}

function noId() {
  throw new Error('An event of the benchmark has no id.');
}
