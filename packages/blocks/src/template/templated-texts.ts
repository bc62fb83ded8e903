import { ByteReader } from '../bytes/byte-reader';
import type { ByteTexts } from '../bytes/byte-texts';
import { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { readIntegers, writeIntegers } from '../column/integers';
import type { Texts } from '../column/text-values';
import { readTexts, writeTexts } from '../column/texts';
import { KINDS, MARK } from './split';
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
  for (const { kind, values } of slots) {
    column.clear();
    if (kind === KINDS.INTEGER) writeIntegers(column, integersOf(values));
    else writeTexts(column, values);
    writer.sized(column.written());
  }
}

const MINUS = 0x2d;
const ZERO = 0x30;

/** Parses integers of at most 15 digits. */
function integersOf({ bytes, starts, ends }: ByteTexts): Float64Array {
  const values = new Float64Array(starts.length);
  for (let index = 0; index < values.length; index++) {
    const end = ends[index] as number;
    let at = starts[index] as number;
    const isNegative = bytes[at] === MINUS;
    if (isNegative) at += 1;
    let value = 0;
    for (; at < end; at++) value = value * 10 + (bytes[at] as number) - ZERO;
    values[index] = isNegative ? -value : value;
  }
  return values;
}

/** Reads a column that `writeTemplates` wrote. @throws {DamagedBlockError} */
export function readTemplates(reader: ByteReader): Texts {
  const literals = readTexts(reader);
  const variables = readIntegers(reader);
  const kinds = readIntegers(reader);
  if (kinds.length > MAX_SLOTS) throw new DamagedBlockError('it has too many slots');
  const templates = templatesOf(literals, variables, kinds.length);
  const codes = readIntegers(reader);
  const others = readTexts(reader);
  const slots: Slot[] = [];
  for (let slot = 0; slot < kinds.length; slot++) slots.push(new Slot(kinds[slot] as number, reader.sized()));
  return new TemplatedTexts(templates, codes, others, slots);
}

interface Template {
  /** The literals before, between and after the variables. */
  readonly literals: readonly Buffer[];
  readonly slots: Float64Array;
}

function templatesOf(texts: Texts, variables: Float64Array, slotCount: number): readonly Template[] {
  for (const slot of variables)
    if (!(slot >= 0 && slot < slotCount)) throw new DamagedBlockError('a variable has no slot');
  const templates: Template[] = [];
  let start = 0;
  for (let index = 0; index < texts.length; index++) {
    const literals = literalsOf(texts, index);
    const slots = variables.subarray(start, (start += literals.length - 1));
    if (slots.length !== literals.length - 1) throw new DamagedBlockError('a template is damaged');
    templates.push({ literals, slots });
  }
  return templates;
}

function literalsOf(texts: Texts, index: number): Buffer[] {
  const writer = new ByteWriter();
  texts.write(writer, index);
  const bytes = writer.finish();
  const literals: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(MARK); end !== -1; end = bytes.indexOf(MARK, start)) {
    literals.push(bytes.subarray(start, end));
    start = end + 1;
  }
  literals.push(bytes.subarray(start));
  return literals;
}

/** The values of one slot, decoded when the first of them is read. */
class Slot {
  readonly #kind: number;
  readonly #bytes: Buffer;
  #integers: Float64Array | undefined;
  #texts: Texts | undefined;

  constructor(kind: number, bytes: Buffer) {
    this.#kind = kind;
    this.#bytes = bytes;
  }

  write(writer: ByteWriter, index: number): void {
    if (this.#kind === KINDS.INTEGER) {
      this.#integers ??= readIntegers(new ByteReader(this.#bytes));
      writer.decimal(this.#integers[index] as number);
    } else {
      this.#texts ??= readTexts(new ByteReader(this.#bytes));
      this.#texts.write(writer, index);
    }
  }
}

class TemplatedTexts implements Texts {
  readonly #templates: readonly Template[];
  readonly #codes: Float64Array;
  readonly #others: Texts;
  readonly #slots: readonly Slot[];
  /** For each text the position of its first variable in `#indexes`, or its index in `#others`. */
  readonly #starts: Int32Array;
  /** For each variable of each text the index of its value in its slot. */
  readonly #indexes: Int32Array;

  constructor(templates: readonly Template[], codes: Float64Array, others: Texts, slots: readonly Slot[]) {
    this.#templates = templates;
    this.#codes = codes;
    this.#others = others;
    this.#slots = slots;
    this.#starts = new Int32Array(codes.length);
    let variables = 0;
    for (let index = 0; index < codes.length; index++) {
      const code = codes[index] as number;
      if (code !== 0) variables += this.#template(code).slots.length;
    }
    this.#indexes = new Int32Array(variables);
    this.#locate();
  }

  get length(): number {
    return this.#codes.length;
  }

  write(writer: ByteWriter, index: number): void {
    const code = this.#codes[index] as number;
    const start = this.#starts[index] as number;
    if (code === 0) return this.#others.write(writer, start);
    const { literals, slots } = this.#template(code);
    for (let variable = 0; variable < slots.length; variable++) {
      const literal = literals[variable] as Buffer;
      writer.range(literal, 0, literal.length);
      const slot = this.#slots[slots[variable] as number] as Slot;
      slot.write(writer, this.#indexes[start + variable] as number);
    }
    const literal = literals[slots.length] as Buffer;
    writer.range(literal, 0, literal.length);
  }

  /** Counts the uses of each slot before each text. */
  #locate(): void {
    const uses = new Int32Array(this.#slots.length);
    let others = 0;
    let variables = 0;
    for (let index = 0; index < this.#codes.length; index++) {
      const code = this.#codes[index] as number;
      this.#starts[index] = code === 0 ? others++ : variables;
      if (code === 0) continue;
      const { slots } = this.#template(code);
      for (let each = 0; each < slots.length; each++)
        this.#indexes[variables++] = (uses[slots[each] as number] as number)++;
    }
  }

  #template(code: number): Template {
    const template = this.#templates[code - 1];
    if (template === undefined) throw new DamagedBlockError('a text has an unknown template');
    return template;
  }
}
