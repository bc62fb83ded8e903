import type { Offsets } from '../offsets/group-progress';

// A message on the control topic, version 1, is one of
//   {"v":1,"flush":{"<partition>":<end>, ...}}   whoever owns one of these partitions writes, as soon as it can, everything below the end
//   {"v":1,"alive":"<server>"}                   this server is there
//   {"v":1,"gone":"<server>"}                    this server has ended in order
// Others are ignored.

/** What servers tell one another. */
export type ControlMessage =
  { readonly flush: Offsets } | { readonly alive: string } | { readonly gone: string };

/** Encodes a message. */
export function encodeControl(message: ControlMessage): Uint8Array {
  const content = 'flush' in message ? { flush: Object.fromEntries(message.flush) } : message;
  return Buffer.from(JSON.stringify({ v: 1, ...content }));
}

/** Reads a message; `undefined` when it is none of ours. */
export function decodeControl(bytes: Uint8Array): ControlMessage | undefined {
  try {
    const { v, flush, alive, gone } = JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>;
    if (v !== 1) return undefined;
    if (typeof alive === 'string') return { alive };
    if (typeof gone === 'string') return { gone };
    const ends = readOffsets(flush);
    return ends === undefined ? undefined : { flush: ends };
  } catch {
    return undefined;
  }
}

function readOffsets(value: unknown): Offsets | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value).map(([key, end]) => [Number(key), end as unknown] as const);
  const isOffset = (number: unknown): boolean => Number.isSafeInteger(number) && Number(number) >= 0;
  if (!entries.every(([partition, end]) => isOffset(partition) && isOffset(end))) return undefined;
  return new Map(entries as [number, number][]);
}
