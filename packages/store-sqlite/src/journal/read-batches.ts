import { crc32 } from 'node:zlib';
import type { SqliteConnection, SqlRow } from '../sqlite/driver';
import type { ReadBatch, ReadRequest } from './journal-protocol';
import { convertBody } from './body-version-1';
import { BODY_VERSION } from './journal-schema';

/** Maximum number of batches that are read at once. */
const MAX_BATCHES = 1_000;

const RANGE = 'owner = ? AND number > ? AND number <= ? AND acked_at IS NULL';

/** Reads unacknowledged batches in order, at least one if there is any. */
export function readBatches(
  connection: SqliteConnection,
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
      const [number, bytes] = row.slice(3) as [number, number];
      return { number, bytes, ...readBody(row) };
    });
}

/** Returns the frames of a row of version, checksum and body; or its body and why it cannot be read. */
export function readBody(row: SqlRow): Pick<ReadBatch, 'body' | 'damage'> {
  const [version, , body] = row;
  const damage = damageOf(row);
  if (damage !== undefined) return { body: bodyOf(row), damage };
  if (version === BODY_VERSION) return { body: bodyOf(row) };
  try {
    return { body: convertBody(body as Uint8Array) };
  } catch (error) {
    return { body: bodyOf(row), damage: String(error) };
  }
}

/** Returns why a row of version, checksum and body cannot be read; `undefined` if it can. */
function damageOf([version, checksum, body]: SqlRow): string | undefined {
  if (Number(version) > BODY_VERSION)
    return `The batch has version ${version}, and this program supports up to ${BODY_VERSION}.`;
  return crc32(body as Uint8Array) === checksum
    ? undefined
    : 'The checksum of the batch is wrong: the file is damaged.';
}

/** Returns the body of a row of version, checksum and body as a buffer that can be transferred. */
function bodyOf([, , body]: SqlRow): ArrayBuffer {
  return new Uint8Array(body as Uint8Array).buffer;
}
