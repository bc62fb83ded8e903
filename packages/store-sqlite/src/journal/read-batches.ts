import { crc32 } from 'node:zlib';
import type { Connection, SqlRow } from '../sqlite/driver';
import type { ReadBatch, ReadRequest } from './journal-protocol';
import { BODY_VERSION } from './journal-schema';

/** How many batches are read at once, however small they are. */
const MAX_BATCHES = 1_000;

const RANGE = 'owner = ? AND number > ? AND number <= ? AND acked_at IS NULL';

/** Reads batches that are not acknowledged, in order; at least one, when there is one. */
export function readBatches(
  connection: Connection,
  { owner, after, through, maxBytes }: ReadRequest,
): readonly ReadBatch[] {
  const sizes = connection
    .prepare(`SELECT number, bytes FROM batch WHERE ${RANGE} ORDER BY number LIMIT ${MAX_BATCHES}`)
    .all(owner, after, through) as readonly [number, number][];
  let end = after;
  let total = 0;
  for (const [number, bytes] of sizes) {
    if (total >= maxBytes) break;
    total += bytes;
    end = number;
  }
  return connection
    .prepare(`SELECT version, checksum, body, number, bytes FROM batch WHERE ${RANGE} ORDER BY number`)
    .all(owner, after, end)
    .map((row) => {
      const damage = damageOf(row);
      const [number, bytes] = row.slice(3) as [number, number];
      const batch = { number, bytes, body: bodyOf(row) };
      return damage === undefined ? batch : { ...batch, damage };
    });
}

/** Says why a row of version, checksum and body cannot be read. */
export function damageOf([version, checksum, body]: SqlRow): string | undefined {
  if (version !== BODY_VERSION) return `It has version ${version}, this program knows ${BODY_VERSION}.`;
  return crc32(body as Uint8Array) === checksum ? undefined : 'Its checksum is wrong: the file is damaged.';
}

/** The body of a row of version, checksum and body, so that it can be handed over. */
export function bodyOf([, , body]: SqlRow): ArrayBuffer {
  return new Uint8Array(body as Uint8Array).buffer;
}
