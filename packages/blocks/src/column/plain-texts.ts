import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ByteReader } from '../bytes/byte-reader';
import type { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { MAX_ITEMS, MAX_TEXT_BYTES } from '../limits';
import { readIntegers, writeIntegers } from './integers';
import type { TextColumn } from './text-column';

// Layout of a column of arbitrary texts:
//   count, lengths of the texts in bytes (a column of integers)
//   for each chunk of 256 texts: number of bytes when stored, 0 if they are not compressed, the bytes
// A chunk is UTF-8, compressed with "deflate" unless that makes it larger, so reading one text inflates one chunk.

const CHUNK_TEXTS = 256;
const LEVEL = constants.Z_BEST_SPEED;

/** Writes a column of texts without looking for a pattern in them. */
export function writePlainTexts(writer: ByteWriter, values: readonly string[]): void {
  const encoded = values.map((value) => Buffer.from(value));
  writeIntegers(
    writer,
    encoded.map((bytes) => bytes.byteLength),
  );
  for (let start = 0; start < encoded.length; start += CHUNK_TEXTS) {
    const chunk = Buffer.concat(encoded.slice(start, start + CHUNK_TEXTS));
    const deflated = deflateRawSync(chunk, { level: LEVEL });
    const isSmaller = deflated.byteLength < chunk.byteLength;
    writer.unsigned(isSmaller ? deflated.byteLength : 0);
    writer.bytes(isSmaller ? deflated : chunk);
  }
}

/** Reads a column that `writePlainTexts` wrote. @throws {DamagedBlockError} */
export function readPlainTexts(reader: ByteReader): TextColumn {
  const lengths = readIntegers(reader);
  if (lengths.length > MAX_ITEMS) throw new DamagedBlockError('a count is too large');
  const chunks: Chunk[] = [];
  for (let start = 0; start < lengths.length; start += CHUNK_TEXTS)
    chunks.push(new Chunk(reader, lengths.subarray(start, start + CHUNK_TEXTS)));
  return {
    length: lengths.length,
    get: (index) => (chunks[Math.floor(index / CHUNK_TEXTS)] as Chunk).get(index % CHUNK_TEXTS),
  };
}

/** Some consecutive texts, inflated when one of them is read. */
class Chunk {
  readonly #lengths: Float64Array;
  readonly #stored: Buffer;
  readonly #isDeflated: boolean;
  readonly #bytes: number;
  #texts: readonly string[] | undefined;

  constructor(reader: ByteReader, lengths: Float64Array) {
    this.#lengths = lengths;
    this.#bytes = lengths.reduce((sum, length) => sum + length, 0);
    if (!(this.#bytes <= MAX_TEXT_BYTES)) throw new DamagedBlockError('its texts are too long');
    const deflatedBytes = reader.unsigned();
    this.#isDeflated = deflatedBytes > 0;
    this.#stored = reader.bytes(this.#isDeflated ? deflatedBytes : this.#bytes);
  }

  get(index: number): string {
    return (this.#texts ??= this.#read())[index] as string;
  }

  #read(): readonly string[] {
    const bytes = this.#isDeflated ? inflate(this.#stored, this.#bytes) : this.#stored;
    let start = 0;
    return Array.from(this.#lengths, (length) => bytes.toString('utf8', start, (start += length)));
  }
}

function inflate(deflated: Buffer, bytes: number): Buffer {
  try {
    const inflated = inflateRawSync(deflated, { maxOutputLength: bytes });
    if (inflated.byteLength === bytes) return inflated;
  } catch {
    // Bytes that cannot be inflated are damaged.
  }
  throw new DamagedBlockError('its texts are damaged');
}
