import type { ByteReader, OnDecoded } from '../bytes/byte-reader';
import { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import type { Integers } from '../column/integer-values';
import { readIntegers, writeIntegers } from '../column/integers';
import type { TemplateSlot, TextColumn, TextTemplates } from '../column/text-column';
import { createTextColumn } from '../column/text-column';
import type { Texts } from '../column/text-values';
import { readTexts, writeTexts } from '../column/texts';
import { SlotPositions } from './slot-positions';
import { findUsers } from './slot-users';
import { SlotReader, writeSlot } from './slots';
import { MARK } from './split';
import type { TemplateSlots } from './template-slots';
import { countVariables, readTemplateSlots } from './template-slots';
import type { Templates } from './templates';
import { MAX_SLOTS, MAX_TEMPLATES } from './templates';

// Layout of a column of texts by template:
//   literals of each template, with a mark in place of each variable (a column of texts)
//   number of variables of each template, slot of each variable of each template (columns of integers)
//   template of each text plus one, or 0 (a column of integers)
//   texts without a template (a column of texts)
//   kind of each slot, number of bytes of each slot (columns of integers)
//   the bytes of each slot (a column of integers for kind INTEGER, otherwise of texts)
// The value of a slot is found by counting its uses, so the bytes of slots that are not read are skipped.

/** Writes a column of texts by template. */
export function writeTemplates(
  writer: ByteWriter,
  { literals, variables, slots, codes, others }: Templates,
): void {
  writeTexts(writer, literals);
  writeIntegers(writer, countVariables(literals));
  writeIntegers(writer, variables);
  writeIntegers(writer, codes);
  writeTexts(writer, others);
  const kinds = Float64Array.from(slots, ({ kind }) => kind);
  writeIntegers(writer, kinds);
  const sizes = new Float64Array(slots.length);
  const columns = new ByteWriter();
  slots.forEach((slot, index) => {
    const start = columns.length;
    writeSlot(columns, slot);
    sizes[index] = columns.length - start;
  });
  writeIntegers(writer, sizes);
  writer.bytes(columns.written());
}

/** Reads a column that `writeTemplates` wrote. @throws {DamagedBlockError} */
export function readTemplates(reader: ByteReader): Texts {
  const literals = readTexts(reader);
  const [counts, variables] = [readIntegers(reader), readIntegers(reader)];
  const codes = readIntegers(reader);
  const others = readTexts(reader);
  const [kinds, sizes] = [readIntegers(reader), readIntegers(reader)];
  if (literals.length > MAX_TEMPLATES || kinds.length > MAX_SLOTS || sizes.length !== kinds.length)
    throw new DamagedBlockError('its slots are damaged');
  const ends = endsOf(sizes, reader.remaining);
  const stored = reader.bytes(ends.at(-1) ?? 0);
  const slots = new Slots(kinds, ends, stored, reader.onDecoded);
  const templates = () => readTemplateSlots(literals.length, counts, variables, kinds.length);
  return new TemplatedTexts({ literals, templates, codes, others, slots }, reader.onDecoded);
}

/** Returns the offset of the end of each slot. */
function endsOf(sizes: Integers, maxBytes: number): Int32Array {
  const ends = new Int32Array(sizes.length);
  for (let slot = 0; slot < ends.length; slot++) {
    const size = sizes.get(slot);
    if (!(size >= 0 && size <= maxBytes)) throw new DamagedBlockError('its slots are damaged');
    ends[slot] = (ends[slot - 1] ?? 0) + size;
  }
  return ends;
}

/** The slots of a column, each opened when it is read. */
class Slots {
  readonly #kinds: Integers;
  readonly #ends: Int32Array;
  readonly #bytes: Buffer;
  readonly #onDecoded: OnDecoded;
  readonly #open: (SlotReader | undefined)[] = [];

  /** @param ends - Offset of the end of the bytes of each slot. */
  constructor(kinds: Integers, ends: Int32Array, bytes: Buffer, onDecoded: OnDecoded) {
    this.#kinds = kinds;
    this.#ends = ends;
    this.#bytes = bytes;
    this.#onDecoded = onDecoded;
  }

  get count(): number {
    return this.#ends.length;
  }

  indexOf(slot: TemplateSlot): number {
    return this.#open.indexOf(slot as SlotReader);
  }

  get(slot: number): SlotReader {
    return (this.#open[slot] ??= new SlotReader(
      this.#kinds.get(slot),
      this.#bytes.subarray(this.#ends[slot - 1] ?? 0, this.#ends[slot]),
      this.#onDecoded,
    ));
  }
}

/** The stored parts of a column by template. */
interface StoredTexts {
  readonly literals: Texts;
  readonly templates: () => TemplateSlots;
  readonly codes: Integers;
  readonly others: Texts;
  readonly slots: Slots;
}

/** A template with which texts are written. */
interface OpenTemplate {
  /** The literals, one after another. */
  readonly literals: Buffer;
  /** Offset of each variable in the literals. */
  readonly offsets: readonly number[];
  /** The slot of each variable. */
  readonly slots: readonly SlotReader[];
}

/** Reused, because the literals of a template are read at once. */
const scratch = new ByteWriter();

/** Memory of an open template besides its literals. */
const TEMPLATE_BYTES = 512;

class TemplatedTexts implements Texts, TextTemplates {
  readonly #stored: StoredTexts;
  readonly #patterns: TextColumn;
  readonly #onDecoded: OnDecoded;
  readonly #open: (OpenTemplate | undefined)[] = [];
  #knownSlots: TemplateSlots | undefined;
  #knownPositions: SlotPositions | undefined;

  constructor(stored: StoredTexts, onDecoded: OnDecoded) {
    this.#stored = stored;
    this.#patterns = createTextColumn(stored.literals, onDecoded);
    this.#onDecoded = onDecoded;
  }

  get length(): number {
    return this.#stored.codes.length;
  }

  get templates(): TextTemplates {
    return this;
  }

  get count(): number {
    return this.#patterns.length;
  }

  patternOf(template: number): string {
    return this.#patterns.get(template);
  }

  get codes(): Integers {
    return this.#stored.codes;
  }

  slotOf(template: number, variable: number): SlotReader {
    const { firsts, slots } = this.#templateSlots;
    const at = (firsts[template] as number) + variable;
    if (!(variable >= 0 && at < (firsts[template + 1] as number)))
      throw new DamagedBlockError('a variable has no slot');
    return this.#stored.slots.get(slots[at] as number);
  }

  valueOf(index: number, variable: number): number {
    return this.#positions.valueOf(this.#positions.moveTo(index), variable);
  }

  usersOf(slot: TemplateSlot, values: readonly number[]): readonly number[] {
    const { codes, slots } = this.#stored;
    return findUsers(codes, this.#templateSlots, slots.indexOf(slot), values);
  }

  write(writer: ByteWriter, index: number): void {
    const positions = this.#positions;
    const template = positions.moveTo(index);
    if (template === -1) return this.#stored.others.write(writer, positions.others);
    const { literals, offsets, slots } = (this.#open[template] ??= this.#openTemplate(template));
    let start = 0;
    for (let variable = 0; variable < offsets.length; variable++) {
      const end = offsets[variable] as number;
      writer.range(literals, start, end);
      (slots[variable] as SlotReader).write(writer, positions.valueOf(template, variable));
      start = end;
    }
    writer.range(literals, start, literals.length);
  }

  #openTemplate(template: number): OpenTemplate {
    scratch.clear();
    this.#stored.literals.write(scratch, template);
    const literals = scratch.finish();
    const offsets: number[] = [];
    let length = 0;
    for (let at = 0; at < literals.length; at++)
      if (literals[at] === MARK) offsets.push(length);
      else literals[length++] = literals[at] as number;
    this.#onDecoded(length + TEMPLATE_BYTES);
    const slots = offsets.map((_, variable) => this.slotOf(template, variable));
    return { literals: literals.subarray(0, length), offsets, slots };
  }

  get #templateSlots(): TemplateSlots {
    return (this.#knownSlots ??= this.#stored.templates());
  }

  get #positions(): SlotPositions {
    const { codes, slots } = this.#stored;
    return (this.#knownPositions ??= new SlotPositions(
      codes,
      this.#templateSlots,
      slots.count,
      this.#onDecoded,
    ));
  }
}
