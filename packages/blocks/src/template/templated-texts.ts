import { ByteReader } from '../bytes/byte-reader';
import { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import type { Integers } from '../column/integer-values';
import { readIntegers, writeIntegers } from '../column/integers';
import type { TextTemplates } from '../column/text-column';
import type { Texts } from '../column/text-values';
import { readTexts, writeTexts } from '../column/texts';
import { SlotPositions } from './slot-positions';
import { SlotReader, writeSlot } from './slots';
import type { TemplateTable } from './template-table';
import { createTemplateTable, patternsOf } from './template-table';
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
  const codes = readIntegers(reader);
  const others = readTexts(reader);
  const slots: SlotReader[] = [];
  for (let slot = 0; slot < kinds.length; slot++)
    slots.push(new SlotReader(kinds.get(slot), reader.sized(), reader.onDecoded));
  return new TemplatedTexts({ literals, variables, codes, others, slots });
}

/** What is stored of texts by template. */
interface StoredTexts {
  readonly literals: Texts;
  readonly variables: Integers;
  readonly codes: Integers;
  readonly others: Texts;
  readonly slots: readonly SlotReader[];
}

class TemplatedTexts implements Texts, TextTemplates {
  readonly #stored: StoredTexts;
  #knownTable: TemplateTable | undefined;
  #knownPositions: SlotPositions | undefined;
  #knownPatterns: readonly string[] | undefined;

  constructor(stored: StoredTexts) {
    this.#stored = stored;
  }

  get length(): number {
    return this.#stored.codes.length;
  }

  get templates(): TextTemplates {
    return this;
  }

  get patterns(): readonly string[] {
    return (this.#knownPatterns ??= patternsOf(this.#table));
  }

  templateOf(index: number): number {
    return this.#stored.codes.get(index) - 1;
  }

  slotOf(template: number, variable: number): SlotReader {
    const { firsts, slots } = this.#table;
    const slot = slots[(firsts[template] as number) - template + variable] as number;
    return this.#stored.slots[slot] as SlotReader;
  }

  valueOf(index: number, variable: number): number {
    return this.#positions.valueOf(this.#positions.moveTo(index), variable);
  }

  write(writer: ByteWriter, index: number): void {
    const positions = this.#positions;
    const template = positions.moveTo(index);
    if (template === -1) return this.#stored.others.write(writer, positions.others);
    const { bytes, starts, ends, firsts, slots } = this.#table;
    const last = (firsts[template + 1] as number) - 1;
    const first = firsts[template] as number;
    for (let literal = first; literal < last; literal++) {
      writer.range(bytes, starts[literal] as number, ends[literal] as number);
      const slot = this.#stored.slots[slots[literal - template] as number] as SlotReader;
      slot.write(writer, positions.valueOf(template, literal - first));
    }
    writer.range(bytes, starts[last] as number, ends[last] as number);
  }

  get #table(): TemplateTable {
    const { literals, variables, slots } = this.#stored;
    return (this.#knownTable ??= createTemplateTable(literals, variables, slots.length));
  }

  get #positions(): SlotPositions {
    const { codes, slots } = this.#stored;
    return (this.#knownPositions ??= new SlotPositions(codes, this.#table, slots.length));
  }
}
