import type { ZlibOptions } from 'node:zlib';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ByteReader, OnDecoded } from '../bytes/byte-reader';
import type { ByteTexts } from '../bytes/byte-texts';
import { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { MAX_TEXT_BYTES } from '../limits';
import type { Integers } from './integer-values';
import { readIntegers, writeIntegers } from './integers';
import type { Texts } from './text-values';
import type { WantedBytes } from './wanted-bytes';
import { wantedBytes } from './wanted-bytes';

// Layout of a column of arbitrary texts:
//   lengths of the texts in bytes (a column of integers)
//   for each chunk of 256 texts: number of bytes when stored, 0 if they are not compressed, the bytes
// A chunk is UTF-8, compressed with "deflate" unless that makes it larger, so reading one text inflates one chunk.

const CHUNK_TEXTS = 256;
/** Minimum size of a chunk that is compressed, in bytes. */
const MIN_DEFLATED_BYTES = 64;
/** Number of bytes that are compressed in two ways, to select the better one. */
const MAX_SAMPLE_BYTES = 16 * 1024;
/** Factor by which inflated bytes are counted: the runtime is slow to free arrays outside its heap. */
const INFLATED_COST = 2;
/** Deflate never compresses better than this. */
const MAX_RATIO = 1_032;
const REPETITIONS = { level: constants.Z_BEST_SPEED };
/** Faster and smaller for texts that repeat characters more often than words. */
const CHARACTERS = { level: constants.Z_BEST_SPEED, strategy: constants.Z_HUFFMAN_ONLY };

/** Writes a column of texts without looking for a pattern in them. */
export function writePlainTexts(writer: ByteWriter, texts: ByteTexts): void {
  const { starts, ends } = texts;
  const lengths = new Float64Array(starts.length);
  for (let index = 0; index < lengths.length; index++)
    lengths[index] = (ends[index] as number) - (starts[index] as number);
  writeIntegers(writer, lengths);
  const scratch = new ByteWriter();
  let options: ZlibOptions | undefined;
  for (let start = 0; start < lengths.length; start += CHUNK_TEXTS) {
    const chunk = bytesOf(texts, start, Math.min(start + CHUNK_TEXTS, lengths.length), scratch);
    options ??= optionsFor(chunk);
    writeChunk(writer, chunk, options);
  }
}

/** Returns the options that make the start of a chunk smaller. */
function optionsFor(chunk: Buffer): ZlibOptions {
  if (chunk.length < MIN_DEFLATED_BYTES) return REPETITIONS;
  const sample = chunk.subarray(0, MAX_SAMPLE_BYTES);
  const sizeWith = (options: ZlibOptions): number => deflateRawSync(sample, options).length;
  return sizeWith(CHARACTERS) < sizeWith(REPETITIONS) ? CHARACTERS : REPETITIONS;
}

/** Returns the bytes of some consecutive texts, as a view if they are one range. */
function bytesOf({ bytes, starts, ends }: ByteTexts, from: number, to: number, scratch: ByteWriter): Buffer {
  let isRange = true;
  for (let index = from + 1; index < to && isRange; index++) isRange = starts[index] === ends[index - 1];
  if (isRange) return bytes.subarray(starts[from], ends[to - 1]);
  scratch.clear();
  for (let index = from; index < to; index++)
    scratch.range(bytes, starts[index] as number, ends[index] as number);
  return scratch.written();
}

function writeChunk(writer: ByteWriter, chunk: Buffer, options: ZlibOptions): void {
  const deflated = chunk.length < MIN_DEFLATED_BYTES ? chunk : deflateRawSync(chunk, options);
  const isSmaller = deflated.length < chunk.length;
  writer.unsigned(isSmaller ? deflated.length : 0);
  writer.bytes(isSmaller ? deflated : chunk);
}

/** Reads a column that `writePlainTexts` wrote. @throws {DamagedBlockError} */
export function readPlainTexts(reader: ByteReader): Texts {
  const lengths = readIntegers(reader);
  const chunks: Chunk[] = [];
  for (let start = 0; start < lengths.length; start += CHUNK_TEXTS)
    chunks.push(new Chunk(reader, lengths, start));
  return {
    length: lengths.length,
    candidates(texts) {
      const wanted = wantedBytes(Array.from(texts, (text) => Buffer.from(text)));
      return chunks.flatMap((chunk, number) =>
        chunk.find(wanted).map((index) => number * CHUNK_TEXTS + index),
      );
    },
    write(writer, index) {
      if (!(index >= 0 && index < lengths.length)) throw new DamagedBlockError('a text is missing');
      (chunks[Math.floor(index / CHUNK_TEXTS)] as Chunk).write(writer, index % CHUNK_TEXTS);
    },
  };
}

/** Some consecutive texts, inflated when one of them is read. */
class Chunk {
  /** Offset of each text, and of the end. */
  readonly #offsets: Int32Array;
  readonly #stored: Buffer;
  readonly #isDeflated: boolean;
  readonly #onDecoded: OnDecoded;
  #bytes: Buffer | undefined;

  constructor(reader: ByteReader, lengths: Integers, start: number) {
    const count = Math.min(CHUNK_TEXTS, lengths.length - start);
    this.#offsets = new Int32Array(count + 1);
    let end = 0;
    for (let index = 0; index < count; index++) {
      const length = lengths.get(start + index);
      end += length;
      if (!(length >= 0 && end <= MAX_TEXT_BYTES)) throw new DamagedBlockError('its texts are too long');
      this.#offsets[index + 1] = end;
    }
    const deflatedBytes = reader.unsigned();
    this.#isDeflated = deflatedBytes > 0;
    this.#onDecoded = reader.onDecoded;
    this.#stored = reader.bytes(this.#isDeflated ? deflatedBytes : end);
    if (end > this.#stored.length * MAX_RATIO) throw new DamagedBlockError('its texts are too long');
  }

  /** Returns the indexes of the texts that are wanted. Inflates nothing if none has the length of one. */
  find(wanted: WantedBytes): number[] {
    const found: number[] = [];
    for (let index = 0; index + 1 < this.#offsets.length; index++) {
      const [start, end] = [this.#offsets[index] as number, this.#offsets[index + 1] as number];
      if (!wanted.hasLength(end - start)) continue;
      this.#bytes ??= this.#read();
      if (wanted.has(this.#bytes, start, end)) found.push(index);
    }
    return found;
  }

  write(writer: ByteWriter, index: number): void {
    const bytes = (this.#bytes ??= this.#read());
    writer.range(bytes, this.#offsets[index] as number, this.#offsets[index + 1] as number);
  }

  #read(): Buffer {
    if (!this.#isDeflated) return this.#stored;
    const inflated = inflate(this.#stored, this.#offsets.at(-1) as number);
    this.#onDecoded(inflated.byteLength * INFLATED_COST);
    return inflated;
  }
}

function inflate(deflated: Buffer, bytes: number): Buffer {
  try {
    // With room for one more byte, zlib allocates only one chunk of output.
    const chunkSize = Math.max(constants.Z_MIN_CHUNK, bytes + 1);
    const inflated = inflateRawSync(deflated, { maxOutputLength: bytes, chunkSize });
    if (inflated.byteLength === bytes) return inflated;
  } catch {
    // Bytes that cannot be inflated are damaged.
  }
  throw new DamagedBlockError('its texts are damaged');
}
