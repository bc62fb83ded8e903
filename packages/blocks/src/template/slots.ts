import type { OnDecoded } from '../bytes/byte-reader';
import { ByteReader } from '../bytes/byte-reader';
import type { ByteTexts } from '../bytes/byte-texts';
import type { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import type { Integers } from '../column/integer-values';
import { readIntegers, writeIntegers } from '../column/integers';
import type { CharacterClass, TemplateSlot, TextColumn } from '../column/text-column';
import { createTextColumn } from '../column/text-column';
import type { Texts } from '../column/text-values';
import { charactersOf, readTexts, writeTexts } from '../column/texts';
import { KINDS } from './split';
import type { Slot } from './templates';

// Layout of the values of a slot: a column of integers for kind INTEGER, otherwise of texts

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

/** Writes the values of a slot. */
export function writeSlot(writer: ByteWriter, { kind, values }: Slot): void {
  if (kind === KINDS.INTEGER) writeIntegers(writer, integersOf(values));
  else writeTexts(writer, values);
}

/** The values of a slot, decoded when the first of them is read. */
export class SlotReader implements TemplateSlot {
  readonly #kind: number;
  readonly #bytes: Buffer;
  readonly #onDecoded: OnDecoded;
  #integers: Integers | undefined;
  #texts: Texts | undefined;
  #values: TextColumn | undefined;
  #written: Pick<Texts, 'length' | 'write'> | undefined;

  constructor(kind: number, bytes: Buffer, onDecoded: OnDecoded) {
    this.#kind = kind;
    this.#bytes = bytes;
    this.#onDecoded = onDecoded;
  }

  get characters(): CharacterClass {
    return this.#kind === KINDS.INTEGER ? 'decimal' : charactersOf(this.#bytes);
  }

  /** Writes one value. @throws {DamagedBlockError} when the values are damaged. */
  write(writer: ByteWriter, index: number): void {
    const values = (this.#written ??= this.#writable());
    if (index >= values.length) throw new DamagedBlockError('a slot lacks values');
    values.write(writer, index);
  }

  get integers(): Integers | undefined {
    if (this.#kind !== KINDS.INTEGER) return undefined;
    return (this.#integers ??= readIntegers(new ByteReader(this.#bytes, this.#onDecoded)));
  }

  values(): TextColumn {
    const { integers } = this;
    return (this.#values ??=
      integers === undefined ? createTextColumn(this.#readTexts(), this.#onDecoded) : decimals(integers));
  }

  #writable(): Pick<Texts, 'length' | 'write'> {
    const { integers } = this;
    return integers === undefined ? this.#readTexts() : decimals(integers);
  }

  #readTexts(): Texts {
    return (this.#texts ??= readTexts(new ByteReader(this.#bytes, this.#onDecoded)));
  }
}

function decimals(integers: Integers): TextColumn {
  const get = (index: number): string => String(integers.get(index));
  return {
    length: integers.length,
    get,
    peek: get,
    write: (writer, index) => writer.decimal(integers.get(index)),
  };
}
