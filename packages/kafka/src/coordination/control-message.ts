import type { Offsets } from '../contracts/kafka-client';

// The value of a record on the control topic is one of these, in version 1. Other records are ignored.
//   {"v":1,"flush":{"<partition>":<end>, ...}}   the owner of a partition writes every record below its end as soon as possible
//   {"v":1,"alive":"<server>"}                   the server is running
//   {"v":1,"gone":"<server>"}                    the server was closed

/** A message to all servers of a topic. */
export type ControlMessage =
  { readonly flush: Offsets } | { readonly alive: string } | { readonly gone: string };

/** Encodes a message. */
export function encodeControlMessage(message: ControlMessage): Uint8Array {
  const content = 'flush' in message ? { flush: Object.fromEntries(message.flush) } : message;
  return Buffer.from(JSON.stringify({ v: 1, ...content }));
}

/** Decodes a message. Returns `undefined` for other records. */
export function decodeControlMessage(bytes: Uint8Array): ControlMessage | undefined {
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
