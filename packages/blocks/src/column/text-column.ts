import { ByteWriter } from '../bytes/byte-writer';
import type { Texts } from './text-values';

/** A column of texts that decodes values when they are read. */
export interface TextColumn {
  readonly length: number;
  /** The different texts, if the column is stored as a dictionary. A caller tests each of them once instead of each row. */
  readonly dictionary?: TextDictionary;
  /** Size of the texts that were decoded and are kept, in bytes. */
  readonly decodedBytes?: number;
  /** The parts of the texts, if the column is stored by template. A caller that needs one variable decodes no others. */
  readonly templates?: TextTemplates;
  /** @throws {DamagedBlockError} when the bytes of the value are damaged. */
  get(index: number): string;
}

/** Texts that consist of the literals of a template and the values of its variables. */
export interface TextTemplates {
  /** The literals of each template: before, between and after its variables. */
  readonly literals: readonly (readonly string[])[];
  /** Returns the index of the template of a text, or -1 for a text without a template. */
  templateOf(index: number): number;
  /** Returns the slot that holds the values of a variable of a template. */
  slotOf(template: number, variable: number): TemplateSlot;
  /** Returns the index of the value of a variable of a text in its slot. */
  valueOf(index: number, variable: number): number;
}

/** The values of the variables that share a slot. */
export interface TemplateSlot {
  /** Whether the values are integers of at most 15 digits, as JavaScript writes them. */
  readonly isInteger: boolean;
  /** @throws {DamagedBlockError} when the values are damaged. */
  values(): TextColumn;
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
    get decodedBytes() {
      return different.decodedBytes;
    },
    get: (row) => different.get(indexes[row] as number),
  };
}

class DecodedTexts implements TextColumn {
  readonly templates?: TextTemplates;
  readonly #texts: Texts;
  readonly #chunks: (readonly string[] | undefined)[] = [];
  #alone = 0;
  #decodedBytes = 0;

  constructor(texts: Texts) {
    this.#texts = texts;
    if (texts.templates !== undefined) this.templates = texts.templates;
  }

  get length(): number {
    return this.#texts.length;
  }

  get decodedBytes(): number {
    return this.#decodedBytes;
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
    this.#decodedBytes += bytes.length;
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
