import type { BlockRow, PartName } from '../../src/index';
import { Block, COLUMN_NAMES, columnsOf, encodeParts, summarize } from '../../src/index';

/** A block in memory, and the parts that it found damaged. */
export interface TestBlock {
  readonly block: Block;
  readonly damaged: string[];
  /** The bytes by which its memory has grown. */
  readonly grown: number[];
}

/** Encodes rows as a block. @param change - Changes the bytes of a part; `undefined` removes it. */
export function createBlock(
  rows: readonly BlockRow[],
  change: (name: PartName, bytes: Uint8Array) => Uint8Array | undefined = (_, bytes) => bytes,
): TestBlock {
  const columns = columnsOf(rows);
  const parts = new Map(Array.from(encodeParts(columns), ({ name, bytes }) => [name, change(name, bytes)]));
  const damaged: string[] = [];
  const grown: number[] = [];
  const block = new Block(summarize(columns), {
    read: (name) => parts.get(name),
    onDamage: (name, reason) => damaged.push(`${name}: ${reason}`),
    onGrow: (bytes) => grown.push(bytes),
  });
  return { block, damaged, grown };
}

/** Returns all rows of a block, value by value. */
export function rowsOf(block: Block): BlockRow[] {
  return Array.from(
    { length: block.header.count },
    (_, row) => Object.fromEntries(COLUMN_NAMES.map((name) => [name, block.value(name, row)])) as never,
  );
}
