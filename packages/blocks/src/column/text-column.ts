import { ByteWriter } from '../bytes/byte-writer';
import type { OnDecoded } from '../bytes/byte-reader';
import { DamagedBlockError } from '../bytes/damaged';
import type { Integers } from './integer-values';
import type { Texts } from './text-values';

/** A column of texts that decodes values when they are read. */
export interface TextColumn {
  readonly length: number;
  /** The different texts, if the column is stored as a dictionary. A caller tests each of them once instead of each row. */
  readonly dictionary?: TextDictionary;
  /** The parts of the texts, if the column is stored by template. A caller that needs one variable decodes no others. */
  readonly templates?: TextTemplates;
  /** @throws {DamagedBlockError} when the bytes of the value are damaged. */
  get(index: number): string;
  /** Returns the same value as `get`, without decoding others or keeping it. */
  peek(index: number): string;
  /** Writes a value as UTF-8. @throws {DamagedBlockError} As `get`. */
  write(writer: ByteWriter, index: number): void;
  /** Returns the indexes, in ascending order, of the values that may be one of the texts. Missing if none can be excluded. */
  candidates?(texts: ReadonlySet<string>): readonly number[];
}

/** Texts that consist of the literals of a template and the values of its variables. */
export interface TextTemplates {
  /** Number of templates. */
  readonly count: number;
  /** Returns the literals of a template, with `MARK` in place of each variable. */
  patternOf(template: number): string;
  /** For each text the index of its template plus one, or 0 for a text without a template. */
  readonly codes: Integers;
  /** Returns the slot that holds the values of a variable of a template. */
  slotOf(template: number, variable: number): TemplateSlot;
  /** Returns the index of the value of a variable of a text in its slot. Faster if the texts are in ascending order. */
  valueOf(index: number, variable: number): number;
  /** Returns the indexes of the texts that use some values of a slot. @param values - Their indexes, in ascending order. */
  usersOf(slot: TemplateSlot, values: readonly number[]): readonly number[];
}

/** Characters of which texts consist: digits and hyphens, also `a` to `f`, or any. */
export type CharacterClass = 'decimal' | 'hexadecimal' | 'any';

/** The values of the variables that share a slot. */
export interface TemplateSlot {
  readonly characters: CharacterClass;
  /** The values, if they are integers of at most 15 digits, as JavaScript writes them. */
  readonly integers: Integers | undefined;
  /** @throws {DamagedBlockError} when the values are damaged. */
  values(): TextColumn;
}

/** The different texts of a column and the index of each value in them. Every text is used. */
export interface TextDictionary {
  readonly texts: TextColumn;
  readonly indexes: Integers;
}

/** Number of consecutive texts that are decoded together. */
const CHUNK_TEXTS = 256;
/** Number of texts of a chunk that are decoded and kept alone. A search with few results reads the same few texts again. */
const MAX_ALONE = 8;
/** Memory of a string besides its characters, in bytes. */
const STRING_BYTES = 32;

/** Reused, because each text is decoded at once. */
const scratch = new ByteWriter();

/** Returns a column of strings. */
export function createTextColumn(texts: Texts, onDecoded: OnDecoded = () => {}): TextColumn {
  if (texts.dictionary === undefined) return new DecodedTexts(texts, onDecoded);
  const { indexes } = texts.dictionary;
  const get = (row: number): string => different.get(indexes.get(row));
  const different = new DecodedTexts(texts.dictionary.texts, onDecoded);
  return {
    length: texts.length,
    dictionary: { texts: different, indexes },
    get,
    peek: get,
    write: (writer, row) => different.write(writer, indexes.get(row)),
  };
}

class DecodedTexts implements TextColumn {
  readonly templates?: TextTemplates;
  readonly candidates?: (texts: ReadonlySet<string>) => readonly number[];
  readonly #texts: Texts;
  readonly #chunks: (readonly string[] | undefined)[] = [];
  /** The texts that are decoded alone, by chunk and index. */
  readonly #alone: (Map<number, string> | undefined)[] = [];
  readonly #onDecoded: OnDecoded;

  constructor(texts: Texts, onDecoded: OnDecoded) {
    this.#texts = texts;
    this.#onDecoded = onDecoded;
    if (texts.templates !== undefined) this.templates = texts.templates;
    if (texts.candidates !== undefined) this.candidates = texts.candidates;
  }

  get length(): number {
    return this.#texts.length;
  }

  get(index: number): string {
    this.#check(index);
    const chunk = Math.floor(index / CHUNK_TEXTS);
    const decoded = this.#chunks[chunk];
    return decoded === undefined ? this.#getAlone(index, chunk) : (decoded[index % CHUNK_TEXTS] as string);
  }

  peek(index: number): string {
    this.#check(index);
    const known = this.#chunks[Math.floor(index / CHUNK_TEXTS)];
    if (known !== undefined) return known[index % CHUNK_TEXTS] as string;
    scratch.clear();
    this.write(scratch, index);
    return scratch.written().toString();
  }

  write(writer: ByteWriter, index: number): void {
    this.#check(index);
    this.#texts.write(writer, index);
  }

  #getAlone(index: number, chunk: number): string {
    const alone = (this.#alone[chunk] ??= new Map<number, string>());
    const known = alone.get(index);
    if (known !== undefined) return known;
    if (alone.size === MAX_ALONE) {
      this.#alone[chunk] = undefined;
      this.#chunks[chunk] = this.#decode(chunk * CHUNK_TEXTS);
      return this.get(index);
    }
    const text = this.peek(index);
    alone.set(index, text);
    this.#onDecoded(text.length + STRING_BYTES);
    return text;
  }

  #check(index: number): void {
    if (!(index >= 0 && index < this.length)) throw new DamagedBlockError('a text is missing');
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
    this.#onDecoded(bytes.length + count * STRING_BYTES);
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
