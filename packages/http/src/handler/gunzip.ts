import type { VigilantError } from '@vigilant/core';
import { invalidRequest } from '../wire/http-error';

/**
 * Decompresses gzip as fast as the result is read.
 *
 * @throws {VigilantError} `VIGILANT_QUERY_INVALID` if the chunks are not valid gzip; any error of their source
 */
export async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new DecompressionStream('gzip');
  let failure: unknown;
  const feeding = feed(chunks, writable.getWriter()).catch((error: unknown) => (failure ??= error));
  try {
    for await (const part of readable as unknown as AsyncIterable<Uint8Array>) yield part;
  } catch {
    await feeding;
    throw failure instanceof WriteError || failure === undefined ? damaged() : failure;
  }
}

/** Thrown when the decompressor rejects a chunk. */
class WriteError extends Error {}

async function feed(
  chunks: AsyncIterable<Uint8Array>,
  writer: WritableStreamDefaultWriter<unknown>,
): Promise<void> {
  const accepted = (work: Promise<void>): Promise<void> =>
    work.catch((cause: unknown) => {
      throw new WriteError('The decompressor failed.', { cause });
    });
  try {
    for await (const chunk of chunks) await accepted(writer.write(chunk));
    await accepted(writer.close());
  } catch (error) {
    await writer.abort(error).catch(() => {});
    throw error;
  }
}

function damaged(): VigilantError {
  return invalidRequest('body', 'malformed', 'is not valid gzip');
}
