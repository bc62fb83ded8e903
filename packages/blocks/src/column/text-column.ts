import { ByteWriter } from '../bytes/byte-writer';
import type { Texts } from './text-values';

/** A column of texts that decodes values when they are read. */
export interface TextColumn {
  readonly length: number;
  /** The different texts, if the column is stored as a dictionary. A caller tests each of them once instead of each row. */
  readonly dictionary?: TextDictionary;
  /** @throws {DamagedBlockError} when the bytes of the value are damaged. */
  get(index: number): string;
}

/** The different texts of a column and the index of each value in them. Every text is used. */
export interface TextDictionary {
  readonly texts: TextColumn;
  readonly indexes: ArrayLike<number>;
}

/** Number of consecutive texts that are decoded together. */
const CHUNK_TEXTS = 256;
/** Number of texts that are decoded alone, because a caller may need no others. */
const MAX_ALONE = 8;

/** Returns a column of strings. */
export function createTextColumn(texts: Texts): TextColumn {
  if (texts.dictionary === undefined) return new DecodedTexts(texts);
  const { indexes } = texts.dictionary;
  const different = new DecodedTexts(texts.dictionary.texts);
  return {
    length: texts.length,
    dictionary: { texts: different, indexes },
    get: (row) => different.get(indexes[row] as number),
  };
}

class DecodedTexts implements TextColumn {
  readonly #texts: Texts;
  readonly #chunks: (readonly string[] | undefined)[] = [];
  #alone = 0;

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  get length(): number {
    return this.#texts.length;
  }

  get(index: number): string {
    const chunk = Math.floor(index / CHUNK_TEXTS);
    const decoded = this.#chunks[chunk];
    if (decoded !== undefined) return decoded[index % CHUNK_TEXTS] as string;
    if (this.#alone++ < MAX_ALONE) return this.#decodeAlone(index);
    return (this.#chunks[chunk] = this.#decode(chunk * CHUNK_TEXTS))[index % CHUNK_TEXTS] as string;
  }

  #decodeAlone(index: number): string {
    const writer = new ByteWriter();
    this.#texts.write(writer, index);
    return writer.written().toString();
  }

  /** Decodes the texts of a chunk at once, because each call of the decoder is expensive. */
  #decode(from: number): readonly string[] {
    const count = Math.min(CHUNK_TEXTS, this.#texts.length - from);
    const ends = new Int32Array(count);
    const writer = new ByteWriter();
    for (let index = 0; index < count; index++) {
      this.#texts.write(writer, from + index);
      ends[index] = writer.length;
    }
    const bytes = writer.written();
    const all = bytes.toString();
    const isAscii = all.length === bytes.length;
    const decoded: string[] = [];
    for (let index = 0, start = 0; index < count; index++) {
      const end = ends[index] as number;
      decoded.push(isAscii ? all.slice(start, end) : bytes.toString('utf8', start, end));
      start = end;
    }
    return decoded;
  }
}
