import { systemClock } from '@vigilant/core';
import { decodeExternalEvent, normalizeEvent, resolveDefaults } from '@vigilant/core/adapter';

const DEFAULTS = resolveDefaults({});
const CONTEXT = { defaults: DEFAULTS, now: () => Date.now() };

/** Normalises inputs as the engine does. Each call creates new events, because an event caches its encoded bytes. */
export function toEvents(inputs) {
  return inputs.map((input) => normalizeEvent(input, { ...CONTEXT, newId: noId }));
}

/** Creates the context for an adapter that is measured without an engine. */
export function createContext() {
  return {
    clock: systemClock,
    diagnostics: () => {},
    signal: new AbortController().signal,
    decodeEvent: (bytes, position) => decodeExternalEvent(bytes, position, CONTEXT),
  };
}

/** Splits a list into chunks. */
export function chunksOf(list, size) {
  const chunks = [];
  for (let start = 0; start < list.length; start += size) chunks.push(list.slice(start, start + size));
  return chunks;
}

function noId() {
  throw new Error('An event of the benchmark has no id.');
}
