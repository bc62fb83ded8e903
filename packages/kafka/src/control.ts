import type { Offsets } from './progress';

// A message on the control topic, version 1: {"v":1,"flush":{"<partition>":<end>, ...}}. Whoever owns one of these partitions writes, as soon
// as it can, everything below the end. Other versions are ignored.

/** Asks everybody to write everything up to these ends. */
export function encodeFlush(ends: Offsets): Uint8Array {
  return Buffer.from(JSON.stringify({ v: 1, flush: Object.fromEntries(ends) }));
}

/** Reads a message; `undefined` when it is none of ours. */
export function decodeFlush(bytes: Uint8Array): Offsets | undefined {
  try {
    const message = JSON.parse(Buffer.from(bytes).toString()) as { v?: unknown; flush?: unknown };
    if (message.v !== 1 || typeof message.flush !== 'object' || message.flush === null) return undefined;
    const entries = Object.entries(message.flush).map(([key, end]) => [Number(key), end] as const);
    const isOffset = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
    if (!entries.every(([partition, end]) => isOffset(partition) && isOffset(end))) return undefined;
    return new Map(entries as [number, number][]);
  } catch {
    return undefined;
  }
}
