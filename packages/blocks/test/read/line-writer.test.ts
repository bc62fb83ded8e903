import { toEventJson } from '@vigilant/core/adapter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/index';
import { ByteWriter } from '../../src/index';
import { rows } from '../support/arbitraries';
import { createRows } from '../support/rows';
import { seal } from '../../src/block/envelope';
import type { TestBlock } from '../support/test-block';
import { createBlock } from '../support/test-block';

/** Returns the line that an event becomes if it is decoded and encoded again. */
const lineOf = (block: Block, row: number): string =>
  `${JSON.stringify(toEventJson(block.event(row).toStoredEvent()))}\n`;

/** Returns events as lines. */
function writeLines(block: Block, order: readonly number[]): readonly string[] {
  return order.map((row) => {
    const writer = new ByteWriter();
    block.event(row).writeLine(writer);
    return writer.written().toString();
  });
}

describe('LineWriter', () => {
  it('writes the same lines as JSON.stringify', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 40 }), fc.nat(), (all, start) => {
        const order = all.map((_, index) => (start + index * 7) % all.length);
        expectSameLines(() => createBlock(all), order);
      }),
    );
  });

  it.each([
    ['backwards', -1],
    ['in short steps', 131],
    ['in long steps', 1_237],
  ])('writes the same lines %s', (_, step) => {
    const all = createRows(2_000).map((row, index) => ({
      ...row,
      message: `order ${index} of ${index % 7} "quoted" \\ \n \u2028 ${index % 5 === 0 ? 'late' : 'é'}`,
      data: JSON.stringify({ n: index, id: 'x"\u0000'.repeat(index % 3) }),
    }));
    expectSameLines(
      () => createBlock(all),
      Array.from({ length: 700 }, (_row, index) => (all.length + index * step) % all.length),
    );
  });

  it.each([-62_167_219_200_000_000, -1, 0, 86_399_999_999, 253_402_300_800_000_000, 2 ** 43 * 1_000])(
    'writes the time %i like formatTimestamp',
    (micros) => {
      const { block } = createBlock(createRows(1, { timestamp: micros, receivedAt: micros }));
      expect(writeLines(block, [0])).toEqual([lineOf(block, 0)]);
    },
  );

  it('appends lines to what was written', () => {
    const { block } = createBlock(createRows(2));
    const writer = new ByteWriter();
    for (const row of [1, 0]) block.event(row).writeLine(writer);
    expect(writer.written().toString()).toBe(lineOf(block, 1) + lineOf(block, 0));
  });

  it.each(['message', 'level', 'data', 'sequence'] as const)(
    'writes the substitutes of the column %s when it is damaged',
    (name) => {
      const all = createRows(20);
      const damaged = expectSameLines(
        () => createBlock(all, (part, bytes) => (part === name ? bytes.subarray(1) : bytes)),
        [3, 4],
      );
      expect(damaged).toHaveLength(1);
    },
  );

  it('writes the substitutes of a column that is found damaged only when it is read', () => {
    const all = createRows(600).map((row, index) => ({ ...row, origin: `${index} ${'long'.repeat(index)}` }));
    const damaged = expectSameLines(
      () => createBlock(all, (part, bytes) => (part === 'origin' ? damageTexts(bytes) : bytes)),
      [2, 599, 3],
    );
    expect(damaged).toEqual(['origin: its texts are damaged']);
  });
});

/** Checks that a block writes the events that it returns. Returns what it reports as damaged. */
function expectSameLines(create: () => TestBlock, order: readonly number[]): readonly string[] {
  const { block, damaged } = create();
  const decoded = create();
  expect(writeLines(block, order)).toEqual(order.map((row) => lineOf(decoded.block, row)));
  expect(damaged).toEqual(decoded.damaged);
  return damaged;
}

/** Changes the last bytes of a column without damaging its checksum. */
function damageTexts(bytes: Uint8Array): Uint8Array {
  const column = bytes.slice(1, -4);
  return seal((writer) => writer.bytes(column.fill(0xff, column.length - 20)));
}
