import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { EventOrder, EventPosition } from '../contracts/query';
import { MAX_TIME_MICROS, MAX_TIME_MS } from '../event/limits';
import { VigilantError } from '../util/errors';

/** Position at which a page ended, and the properties that the next page must share. */
export interface PageCursor {
  readonly epoch: string;
  readonly order: EventOrder;
  /** Hash of the filter and the time range, see `hashQuery`. */
  readonly hash: string;
  /** Value of `now` on the first page, in milliseconds. Relative times keep their meaning on later pages. */
  readonly now: number;
  readonly asOf: number;
  readonly after: EventPosition;
}

/** Position up to which a tail has considered all stored events. */
export interface TailCursor {
  readonly epoch: string;
  readonly sequence: number;
}

// Layout, before base64url: version, kind, fixed fields with big-endian doubles, epoch, CRC-32 of everything before it.
// Without the checksum a damaged epoch would look like the epoch of another store.
const VERSION = 2;
const HEADER_BYTES = 2;
const CHECKSUM_BYTES = 4;
const KINDS = { page: 1, tail: 2 } as const;
const ORDERS: readonly EventOrder[] = ['newest', 'oldest', 'arrival'];
const HASH_BYTES = 8;
const MAX_EPOCH_BYTES = 64;
const MAX_LENGTH = 256;

/** Hashes the filter and time range to which a cursor is bound. */
export function hashQuery(canonicalFilter: string): string {
  return createHash('sha256')
    .update(canonicalFilter)
    .digest('hex')
    .slice(0, HASH_BYTES * 2);
}

/** Encodes a page cursor as opaque text. */
export function encodePageCursor(cursor: PageCursor): string {
  return write(KINDS.page, cursor.epoch, [
    ...Buffer.from([ORDERS.indexOf(cursor.order)]),
    ...Buffer.from(cursor.hash, 'hex'),
    ...doubles(cursor.now, cursor.asOf, cursor.after.timestamp, cursor.after.sequence),
  ]);
}

/** Decodes a page cursor and checks every field. @throws {VigilantError} `VIGILANT_CURSOR_INVALID` */
export function decodePageCursor(text: string): PageCursor {
  const { body, epoch } = read(KINDS.page, text, 1 + HASH_BYTES + 4 * 8);
  const order = ORDERS[body.readUInt8(0)];
  const numbers = [0, 1, 2, 3].map((index) => body.readDoubleBE(1 + HASH_BYTES + index * 8));
  const [now, asOf, timestamp, sequence] = numbers as [number, number, number, number];
  if (order === undefined || !Number.isFinite(now) || Math.abs(now) > MAX_TIME_MS) throw damagedCursor();
  if (!isSequence(asOf) || !isSequence(sequence)) throw damagedCursor();
  if (!Number.isSafeInteger(timestamp) || Math.abs(timestamp) > MAX_TIME_MICROS) throw damagedCursor();
  const hash = body.subarray(1, 1 + HASH_BYTES).toString('hex');
  return { epoch, order, hash, now, asOf, after: { timestamp, sequence } };
}

/** Encodes a tail cursor as opaque text. */
export function encodeTailCursor({ epoch, sequence }: TailCursor): string {
  return write(KINDS.tail, epoch, doubles(sequence));
}

/** Decodes a tail cursor and checks every field. @throws {VigilantError} `VIGILANT_CURSOR_INVALID` */
export function decodeTailCursor(text: string): TailCursor {
  const { body, epoch } = read(KINDS.tail, text, 8);
  const sequence = body.readDoubleBE(0);
  if (!isSequence(sequence)) throw damagedCursor();
  return { epoch, sequence };
}

function write(kind: number, epoch: string, body: Iterable<number>): string {
  const content = Buffer.from([VERSION, kind, ...body, ...Buffer.from(epoch)]);
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([content, checksum]).toString('base64url');
}

function read(kind: number, text: string, bodyBytes: number): { body: Buffer; epoch: string } {
  if (typeof text !== 'string' || text.length > MAX_LENGTH || !/^[\w-]+$/.test(text)) throw damagedCursor();
  const bytes = Buffer.from(text, 'base64url');
  const end = bytes.length - CHECKSUM_BYTES;
  if (end < HEADER_BYTES || bytes.readUInt32BE(end) !== crc32(bytes.subarray(0, end))) throw damagedCursor();
  if (bytes[0] !== VERSION) throw damagedCursor();
  if (bytes[1] !== kind) throw ofAnotherKind(kind);
  const body = bytes.subarray(HEADER_BYTES, HEADER_BYTES + bodyBytes);
  const epoch = bytes.subarray(HEADER_BYTES + bodyBytes, end);
  if (epoch.length < 1 || epoch.length > MAX_EPOCH_BYTES) throw damagedCursor();
  return { body, epoch: epoch.toString() };
}

function doubles(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, index) => bytes.writeDoubleBE(value, index * 8));
  return bytes;
}

function isSequence(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Creates the error of a cursor that cannot be decoded. */
export function damagedCursor(): VigilantError {
  return new VigilantError(
    'VIGILANT_CURSOR_INVALID',
    'The cursor is damaged or was created by another version. Start again without it.',
  );
}

function ofAnotherKind(kind: number): VigilantError {
  return new VigilantError(
    'VIGILANT_CURSOR_INVALID',
    kind === KINDS.page
      ? 'The cursor does not belong to a page. Pass `nextCursor` of a query.'
      : 'The cursor does not belong to a tail. Pass the `tailCursor` of a query or the cursor of a tail item.',
  );
}
