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

class TemplatedTexts implements Texts, TextTemplates {
  readonly #templates: TemplateTable;
  readonly #codes: Float64Array;
  readonly #others: Texts;
  readonly #slots: readonly SlotReader[];
  /** For each text the position of its first variable in `#indexes`, or its index in `#others`. */
  readonly #starts: Int32Array;
  /** For each variable of each text the index of its value in its slot. */
  readonly #indexes: Int32Array;

  constructor(templates: TemplateTable, codes: Float64Array, others: Texts, slots: readonly SlotReader[]) {
    this.#templates = templates;
    this.#codes = codes;
    this.#others = others;
    this.#slots = slots;
    this.#starts = new Int32Array(codes.length);
    this.#indexes = new Int32Array(this.#countVariables());
    this.#locate();
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
    return this.#indexes[(this.#starts[index] as number) + variable] as number;
  }

  write(writer: ByteWriter, index: number): void {
    const template = (this.#codes[index] as number) - 1;
    let variable = this.#starts[index] as number;
    if (template === -1) return this.#others.write(writer, variable);
    const { bytes, starts, ends, firsts, slots } = this.#templates;
    const last = (firsts[template + 1] as number) - 1;
    let literal = firsts[template] as number;
    for (let slot = literal - template; literal < last; literal++, slot++) {
      writer.range(bytes, starts[literal] as number, ends[literal] as number);
      const values = this.#slots[slots[slot] as number] as SlotReader;
      values.write(writer, this.#indexes[variable++] as number);
    }
    writer.range(bytes, starts[last] as number, ends[last] as number);
  }

  #countVariables(): number {
    const { firsts } = this.#templates;
    let count = 0;
    let others = 0;
    for (let index = 0; index < this.#codes.length; index++) {
      const code = this.#codes[index] as number;
      if (!(code >= 0 && code < firsts.length)) throw new DamagedBlockError('a text has an unknown template');
      if (code === 0) others += 1;
      else count += (firsts[code] as number) - (firsts[code - 1] as number) - 1;
    }
    if (others !== this.#others.length) throw new DamagedBlockError('it lacks texts without a template');
    return count;
  }

  /** Counts the uses of each slot before each text. */
  #locate(): void {
    const { firsts, slots } = this.#templates;
    const uses = new Int32Array(this.#slots.length);
    let others = 0;
    let variables = 0;
    for (let index = 0; index < this.#codes.length; index++) {
      const code = this.#codes[index] as number;
      this.#starts[index] = code === 0 ? others++ : variables;
      if (code === 0) continue;
      const last = (firsts[code] as number) - code;
      for (let slot = (firsts[code - 1] as number) - code + 1; slot < last; slot++)
        this.#indexes[variables++] = (uses[slots[slot] as number] as number)++;
    }
    for (let slot = 0; slot < uses.length; slot++) this.#slots[slot]?.expect(uses[slot] as number);
  }
}
