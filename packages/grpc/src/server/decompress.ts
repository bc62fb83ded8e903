import { VigilantError } from '@vigilant/core';
import { status as Status } from '@grpc/grpc-js';
import { createGunzip, createInflate } from 'node:zlib';
import { MAX_MESSAGE_BYTES } from '../transport/channel-options';
import type { CallStatus } from './call-status';
import { toServiceError } from './call-status';

const DECOMPRESSORS = { gzip: createGunzip, deflate: createInflate };

const CHUNK_BYTES = 64 * 1024;

/** A compression that requests may use. */
export type Encoding = keyof typeof DECOMPRESSORS;

/** Returns whether requests may use a compression. */
export function isEncoding(name: string): name is Encoding {
  return Object.hasOwn(DECOMPRESSORS, name);
}

/**
 * Decompresses a message of at most `MAX_MESSAGE_BYTES`. Rejects with the status of the call.
 *
 * @param hold - Called with the size of each part before it is kept; may throw a status to end the work.
 */
export async function decompress(
  compressed: Uint8Array,
  encoding: Encoding,
  hold: (bytes: number) => void,
): Promise<Buffer> {
  const decompressor = DECOMPRESSORS[encoding]({ chunkSize: CHUNK_BYTES });
  decompressor.end(compressed);
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of decompressor as AsyncIterable<Buffer>) {
      bytes += part.byteLength;
      if (bytes > MAX_MESSAGE_BYTES) throw TOO_LARGE;
      hold(part.byteLength);
      parts.push(part);
    }
  } catch (error) {
    throw isZlibError(error) ? damaged(encoding, error) : error;
  }
  return Buffer.concat(parts, bytes);
}

const TOO_LARGE: CallStatus = {
  code: Status.RESOURCE_EXHAUSTED,
  details: `The request decompresses to more than ${MAX_MESSAGE_BYTES} bytes.`,
};

function isZlibError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'errno' in error;
}

function damaged(encoding: Encoding, cause: Error): CallStatus {
  return toServiceError(
    new VigilantError('VIGILANT_QUERY_INVALID', `The request is not valid ${encoding}.`, { cause }),
  );
}
