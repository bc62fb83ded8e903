import { ByteReader } from '../bytes/byte-reader';
import { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { readIntegers, writeIntegers } from '../column/integers';
import type { TextColumn } from '../column/text-column';
import { readTexts, writeTexts } from '../column/texts';
import { KINDS, MARK } from './split';
import type { Templates } from './templates';
import { MAX_SLOTS } from './templates';

// Layout of a column of texts by template:
//   skeletons (a column of texts)
//   number of slots of each template, slots of all templates (columns of integers)
//   names of the slots (a column of texts)
//   template of each text plus one, or 0 (a column of integers)
//   texts without a template (a column of texts)
//   for each slot: number of bytes, values (a column of integers for kind INTEGER, otherwise of texts)
// The value of a slot is found by counting its uses, so the bytes of slots that are not read are skipped.

/** Writes a column of texts by template. */
export function writeTemplates(writer: ByteWriter, templates: Templates): void {
  writeTexts(writer, templates.skeletons);
  writeIntegers(
    writer,
    templates.slotsOf.map((slots) => slots.length),
  );
  writeIntegers(writer, templates.slotsOf.flat());
  writeTexts(writer, templates.slots);
  writeIntegers(writer, templates.codes);
  writeTexts(writer, templates.others);
  templates.slots.forEach((slot, index) => {
    const values = templates.values[index] as readonly string[];
    const column = new ByteWriter();
    if (slot.startsWith(KINDS.INTEGER)) writeIntegers(column, values.map(Number));
    else writeTexts(column, values);
    writer.sized(column.written());
  });
}

/** Reads a column that `writeTemplates` wrote. @throws {DamagedBlockError} */
export function readTemplates(reader: ByteReader): TextColumn {
  const templates = readTemplateTable(reader);
  const codes = readIntegers(reader);
  const others = readTexts(reader);
  const slots = templates.slots.map((name) => new Slot(name, reader.sized()));
  return new TemplatedTexts(templates.table, codes, others, slots);
}

interface Template {
  /** The literals before, between and after the variables. */
  readonly literals: readonly string[];
  readonly slots: Float64Array;
}

function readTemplateTable(reader: ByteReader): { table: readonly Template[]; slots: readonly string[] } {
  const skeletons = readTexts(reader);
  const counts = readIntegers(reader);
  const slotsOf = readIntegers(reader);
  const names = readTexts(reader);
  if (counts.length !== skeletons.length || names.length > MAX_SLOTS)
    throw new DamagedBlockError('its templates are damaged');
  let start = 0;
  const table = Array.from(counts, (count, index) => {
    const literals = skeletons
      .get(index)
      .split(MARK)
      .filter((_, part) => part % 2 === 0);
    const slots = slotsOf.subarray(start, (start += count));
    if (literals.length !== slots.length + 1 || !slots.every((slot) => slot >= 0 && slot < names.length))
      throw new DamagedBlockError('a template is damaged');
    return { literals, slots };
  });
  return { table, slots: Array.from({ length: names.length }, (_, index) => names.get(index)) };
}

/** The values of one slot, decoded when the first of them is read. */
class Slot {
  readonly #kind: string;
  readonly #bytes: Buffer;
  #get: ((index: number) => string) | undefined;

  constructor(name: string, bytes: Buffer) {
    this.#kind = name.charAt(0);
    this.#bytes = bytes;
  }

  get(index: number): string {
    return (this.#get ??= this.#open())(index);
  }

  #open(): (index: number) => string {
    const reader = new ByteReader(this.#bytes);
    if (this.#kind === KINDS.INTEGER) {
      const integers = readIntegers(reader);
      return (index) => String(integers[index]);
    }
    const texts = readTexts(reader);
    if (this.#kind === KINDS.STRING) return (index) => JSON.stringify(texts.get(index));
    return (index) => texts.get(index);
  }
}

class TemplatedTexts implements TextColumn {
  readonly #templates: readonly Template[];
  readonly #codes: Float64Array;
  readonly #others: TextColumn;
  readonly #slots: readonly Slot[];
  /** For each text the position of its first variable in `#indexes`, or its index in `#others`. */
  readonly #starts: Uint32Array;
  /** For each variable of each text the index of its value in its slot. */
  readonly #indexes: Uint32Array;

  constructor(
    templates: readonly Template[],
    codes: Float64Array,
    others: TextColumn,
    slots: readonly Slot[],
  ) {
    this.#templates = templates;
    this.#codes = codes;
    this.#others = others;
    this.#slots = slots;
    const variables = codes.reduce(
      (sum, code) => sum + (code === 0 ? 0 : this.#template(code).slots.length),
      0,
    );
    this.#indexes = new Uint32Array(variables);
    this.#starts = this.#locate();
  }

  get length(): number {
    return this.#codes.length;
  }

  get(index: number): string {
    const code = this.#codes[index] as number;
    const start = this.#starts[index] as number;
    if (code === 0) return this.#others.get(start);
    const { literals, slots } = this.#template(code);
    let text = literals[0] as string;
    for (let variable = 0; variable < slots.length; variable++) {
      const slot = this.#slots[slots[variable] as number] as Slot;
      text += slot.get(this.#indexes[start + variable] as number) + (literals[variable + 1] as string);
    }
    return text;
  }

  /** Counts the uses of each slot before each text. */
  #locate(): Uint32Array {
    const uses = new Uint32Array(this.#slots.length);
    let others = 0;
    let variables = 0;
    return Uint32Array.from(this.#codes, (code) => {
      if (code === 0) return others++;
      const start = variables;
      for (const slot of this.#template(code).slots) this.#indexes[variables++] = (uses[slot] as number)++;
      return start;
    });
  }

  #template(code: number): Template {
    const template = this.#templates[code - 1];
    if (template === undefined) throw new DamagedBlockError('a text has an unknown template');
    return template;
  }
}
