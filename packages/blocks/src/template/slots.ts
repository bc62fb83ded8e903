import { ByteReader } from '../bytes/byte-reader';
import type { ByteTexts } from '../bytes/byte-texts';
import type { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import { readIntegers, writeIntegers } from '../column/integers';
import type { TemplateSlot, TextColumn } from '../column/text-column';
import { createTextColumn } from '../column/text-column';
import type { Texts } from '../column/text-values';
import { readTexts, writeTexts } from '../column/texts';
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
  #count = 0;
  #integers: Float64Array | undefined;
  #texts: Texts | undefined;
  #values: TextColumn | undefined;

  constructor(kind: number, bytes: Buffer) {
    this.#kind = kind;
    this.#bytes = bytes;
  }

  get isInteger(): boolean {
    return this.#kind === KINDS.INTEGER;
  }

  /** Sets the number of values that the templates use. */
  expect(count: number): void {
    this.#count = count;
  }

  /** Writes one value. @throws {DamagedBlockError} when the values are damaged. */
  write(writer: ByteWriter, index: number): void {
    if (this.isInteger) writer.decimal(this.#readIntegers()[index] as number);
    else this.#readTexts().write(writer, index);
  }

  values(): TextColumn {
    return (this.#values ??= this.isInteger
      ? decimals(this.#readIntegers())
      : createTextColumn(this.#readTexts()));
  }

  #readIntegers(): Float64Array {
    return (this.#integers ??= this.#checked(readIntegers(new ByteReader(this.#bytes))));
  }

  #readTexts(): Texts {
    return (this.#texts ??= this.#checked(readTexts(new ByteReader(this.#bytes))));
  }

  #checked<T extends { readonly length: number }>(values: T): T {
    if (values.length !== this.#count) throw new DamagedBlockError('a slot lacks values');
    return values;
  }
}

function decimals(integers: Float64Array): TextColumn {
  return { length: integers.length, get: (index) => String(integers[index]) };
}
