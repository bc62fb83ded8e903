import { ByteWriter } from '../bytes/byte-writer';
import { checkedReader, finishWithChecksum } from '../bytes/checksum';
import { DamagedBlockError } from '../bytes/damaged';
import { MAX_PACKED_WIDTH, PackedIntegers, packIntegers, packedBytes, widthOf } from './packed-integers';

// Layout of a part of a run:
//   version, count
//   lowest hash, width of a hash in bits, hashes less the lowest one in ascending order (packed)
//   width of a block in bits, index of the block of each hash in the blocks of the run (packed)
// CRC-32.

/** Version of hashing and of the layout. */
const PART_VERSION = 1;

/** Maximum number of entries that a part may claim to hold. Parts have about 2,000. */
const MAX_PART_ENTRIES = 2 ** 20;

/** Encodes the entries of a part. @param hashes - In ascending order. @param blocks - Indexes in the blocks of the run. */
export function encodePart(hashes: readonly number[], blocks: readonly number[]): Uint8Array {
  const base = hashes[0] ?? 0;
  const hashWidth = widthOf((hashes.at(-1) ?? 0) - base);
  const blockWidth = widthOf(blocks.reduce((max, block) => Math.max(max, block), 0));
  const writer = new ByteWriter();
  writer.byte(PART_VERSION);
  writer.unsigned(hashes.length);
  writer.unsigned(base);
  writer.byte(hashWidth);
  writer.bytes(
    packIntegers(
      hashes.map((hash) => hash - base),
      hashWidth,
    ),
  );
  writer.byte(blockWidth);
  writer.bytes(packIntegers(blocks, blockWidth));
  return finishWithChecksum(writer);
}

/** A part of a run: hashes of ids in ascending order, and for each the index of its block in the blocks of the run. */
export class RunPart {
  readonly count: number;
  readonly #base: number;
  readonly #hashes: PackedIntegers;
  readonly #blocks: PackedIntegers;

  private constructor(count: number, base: number, hashes: PackedIntegers, blocks: PackedIntegers) {
    this.count = count;
    this.#base = base;
    this.#hashes = hashes;
    this.#blocks = blocks;
  }

  /** @throws {DamagedBlockError} when the bytes are damaged or of a later version. */
  static decode(bytes: Uint8Array): RunPart {
    const reader = checkedReader(bytes, PART_VERSION);
    const count = reader.count(MAX_PART_ENTRIES);
    const base = reader.unsigned();
    const packed = (): PackedIntegers => {
      const width = reader.byte();
      if (width > MAX_PACKED_WIDTH) throw new DamagedBlockError('its integers are too wide');
      return new PackedIntegers(reader.bytes(packedBytes(count, width)), width);
    };
    return new RunPart(count, base, packed(), packed());
  }

  hash(index: number): number {
    return this.#base + this.#hashes.get(index);
  }

  block(index: number): number {
    return this.#blocks.get(index);
  }

  /** Returns the index of the first entry whose hash is not lower, or `count`. */
  search(hash: number): number {
    const distance = hash - this.#base;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#hashes.get(middle) < distance) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
