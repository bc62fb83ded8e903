import type { ByteReader } from '../bytes/byte-reader';
import { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { readIntegers, writeIntegers } from '../column/integers';
import type { TextTemplates } from '../column/text-column';
import type { Texts } from '../column/text-values';
import { readTexts, writeTexts } from '../column/texts';
import { SlotReader, writeSlot } from './slots';
import type { TemplateTable } from './template-table';
import { createTemplateTable } from './template-table';
import type { Templates } from './templates';
import { MAX_SLOTS } from './templates';

// Layout of a column of texts by template:
//   literals of each template, with a mark in place of each variable (a column of texts)
//   slot of each variable of each template (a column of integers)
//   kind of each slot, template of each text plus one, or 0 (columns of integers)
//   texts without a template (a column of texts)
//   for each slot: number of bytes, values (a column of integers for kind INTEGER, otherwise of texts)
// The value of a slot is found by counting its uses, so the bytes of slots that are not read are skipped.

/** Writes a column of texts by template. */
export function writeTemplates(
  writer: ByteWriter,
  { literals, variables, slots, codes, others }: Templates,
): void {
  writeTexts(writer, literals);
  writeIntegers(writer, variables);
  writeIntegers(
    writer,
    Float64Array.from(slots, ({ kind }) => kind),
  );
  writeIntegers(writer, codes);
  writeTexts(writer, others);
  const column = new ByteWriter();
  for (const slot of slots) {
    column.clear();
    writeSlot(column, slot);
    writer.sized(column.written());
  }
}

/** Reads a column that `writeTemplates` wrote. @throws {DamagedBlockError} */
export function readTemplates(reader: ByteReader): Texts {
  const literals = readTexts(reader);
  const variables = readIntegers(reader);
  const kinds = readIntegers(reader);
  if (kinds.length > MAX_SLOTS) throw new DamagedBlockError('it has too many slots');
  const templates = createTemplateTable(literals, variables, kinds.length);
  const codes = readIntegers(reader);
  const others = readTexts(reader);
  const slots: SlotReader[] = [];
  for (let slot = 0; slot < kinds.length; slot++)
    slots.push(new SlotReader(kinds[slot] as number, reader.sized()));
  return new TemplatedTexts(templates, codes, others, slots);
}

/** Number of texts that are located one by one. Locating all takes as long as locating some dozens. */
const MAX_ALONE = 16;

/** Where the values of each text are. */
interface Places {
  /** For each text the position of its first variable in `indexes`, or its index in the texts without a template. */
  readonly starts: Int32Array;
  /** For each variable of each text the index of its value in its slot. */
  readonly indexes: Int32Array;
}

class TemplatedTexts implements Texts, TextTemplates {
  readonly #templates: TemplateTable;
  readonly #codes: Float64Array;
  readonly #others: Texts;
  readonly #slots: readonly SlotReader[];
  readonly #variables: number;
  #places: Places | undefined;
  #alone = 0;

  constructor(templates: TemplateTable, codes: Float64Array, others: Texts, slots: readonly SlotReader[]) {
    this.#templates = templates;
    this.#codes = codes;
    this.#others = others;
    this.#slots = slots;
    this.#variables = this.#countUses();
  }

  get length(): number {
    return this.#codes.length;
  }

  get templates(): TextTemplates {
    return this;
  }

  get literals(): readonly (readonly string[])[] {
    const { bytes, starts, ends, firsts } = this.#templates;
    return Array.from({ length: firsts.length - 1 }, (_, template) => {
      const literals: string[] = [];
      for (let at = firsts[template] as number; at < (firsts[template + 1] as number); at++)
        literals.push(bytes.toString('utf8', starts[at], ends[at]));
      return literals;
    });
  }

  templateOf(index: number): number {
    return (this.#codes[index] as number) - 1;
  }

  slotOf(template: number, variable: number): SlotReader {
    const { firsts, slots } = this.#templates;
    const slot = slots[(firsts[template] as number) - template + variable] as number;
    return this.#slots[slot] as SlotReader;
  }

  valueOf(index: number, variable: number): number {
    const { starts, indexes } = this.#locateAll();
    return indexes[(starts[index] as number) + variable] as number;
  }

  write(writer: ByteWriter, index: number): void {
    if (this.#places === undefined && this.#alone < MAX_ALONE) {
      this.#alone += 1;
      const { start, indexes } = this.#locate(index);
      this.#write(writer, index, start, indexes);
    } else {
      const { starts, indexes } = this.#locateAll();
      this.#write(writer, index, starts[index] as number, indexes);
    }
  }

  /** Writes a text. @param start - See `Places.starts`. */
  #write(writer: ByteWriter, index: number, start: number, indexes: Int32Array): void {
    const template = this.templateOf(index);
    if (template === -1) return this.#others.write(writer, start);
    const { bytes, starts, ends, firsts, slots } = this.#templates;
    const last = (firsts[template + 1] as number) - 1;
    let literal = firsts[template] as number;
    let variable = start;
    for (let slot = literal - template; literal < last; literal++, slot++) {
      writer.range(bytes, starts[literal] as number, ends[literal] as number);
      const values = this.#slots[slots[slot] as number] as SlotReader;
      values.write(writer, indexes[variable++] as number);
    }
    writer.range(bytes, starts[last] as number, ends[last] as number);
  }

  /** Counts the values that each slot must have. Returns the number of variables of all texts. */
  #countUses(): number {
    const counts = this.#countCodes(this.#codes.length);
    if (counts[0] !== this.#others.length) throw new DamagedBlockError('it lacks texts without a template');
    const uses = this.#usesOf(counts);
    this.#slots.forEach((slot, number) => slot.expect(uses[number] as number));
    return uses.reduce((sum, count) => sum + count, 0);
  }

  /** Counts the texts before an index by their code. */
  #countCodes(end: number): Int32Array {
    const counts = new Int32Array(this.#templates.firsts.length);
    for (let index = 0; index < end; index++) {
      const code = this.#codes[index] as number;
      if (!(code >= 0 && code < counts.length)) throw new DamagedBlockError('a text has an unknown template');
      (counts[code] as number) += 1;
    }
    return counts;
  }

  /** Returns how often texts use each slot. @param counts - Their number by code. */
  #usesOf(counts: Int32Array): Int32Array {
    const { firsts, slots } = this.#templates;
    const uses = new Int32Array(this.#slots.length);
    for (let code = 1; code < counts.length; code++) {
      const last = (firsts[code] as number) - code;
      for (let slot = (firsts[code - 1] as number) - code + 1; slot < last; slot++)
        (uses[slots[slot] as number] as number) += counts[code] as number;
    }
    return uses;
  }

  /** Locates the values of one text, without those of all others. */
  #locate(index: number): { readonly start: number; readonly indexes: Int32Array } {
    const counts = this.#countCodes(index);
    const code = this.#codes[index] as number;
    if (code === 0) return { start: counts[0] as number, indexes: new Int32Array(0) };
    const { firsts, slots } = this.#templates;
    const uses = this.#usesOf(counts);
    const first = (firsts[code - 1] as number) - code + 1;
    const own = slots.subarray(first, (firsts[code] as number) - code);
    return { start: 0, indexes: Int32Array.from(own, (slot) => (uses[slot] as number)++) };
  }

  /** Locates the values of all texts. */
  #locateAll(): Places {
    if (this.#places !== undefined) return this.#places;
    const { firsts, slots } = this.#templates;
    const starts = new Int32Array(this.#codes.length);
    const indexes = new Int32Array(this.#variables);
    const uses = new Int32Array(this.#slots.length);
    let others = 0;
    let variables = 0;
    for (let index = 0; index < starts.length; index++) {
      const code = this.#codes[index] as number;
      starts[index] = code === 0 ? others++ : variables;
      if (code === 0) continue;
      const last = (firsts[code] as number) - code;
      for (let slot = (firsts[code - 1] as number) - code + 1; slot < last; slot++)
        indexes[variables++] = (uses[slots[slot] as number] as number)++;
    }
    return (this.#places = { starts, indexes });
  }
}
