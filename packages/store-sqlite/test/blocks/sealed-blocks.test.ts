import type { Block } from '@vigilant/blocks';
import { describe, expect, it } from 'vitest';
import { SealedBlocks } from '../../src/blocks/sealed-blocks';
import { createBlockStore } from '../support/block-store';
import { sampleEvents } from '../support/sample-events';

/** Creates a store of three blocks. Returns a function that opens the block at an index. */
function openBlocks(maxMemory: number): (index: number) => Block {
  const store = createBlockStore();
  const events = sampleEvents(48);
  for (let start = 0; start < 48; start += 16) store.append(events.slice(start, start + 16));
  const blocks = new SealedBlocks(store.connection, maxMemory);
  blocks.refresh();
  return (index) => {
    const header = blocks.headers[index];
    if (header === undefined) throw new Error(`There is no block ${index}.`);
    return blocks.open(header);
  };
}

function readSets({ sets }: Block): void {
  expect([sets.trigrams, sets.tokens, sets.groups()]).not.toContain(undefined);
}

function readAll(block: Block): void {
  readSets(block);
  for (let row = 0; row < block.header.count; row++) block.event(row).toRow();
}

describe('SealedBlocks', () => {
  it('forgets the columns of the least recently used block first, and keeps its sets', () => {
    const measured = openBlocks(Infinity)(0);
    readSets(measured);
    const withSets = measured.memory;
    readAll(measured);
    // A tenth is left free when columns were forgotten.
    const open = openBlocks((measured.memory + 2 * withSets) / 0.9);
    const first = open(0);
    readAll(first);
    const second = open(1);
    readAll(second);
    expect(open(2).memory).toBeLessThan(withSets);
    expect(first.memory).toBeCloseTo(withSets);
    expect(second.memory).toBeGreaterThan(withSets);
    expect(open(0)).toBe(first);
  });

  it('closes blocks when their sets need too much memory', () => {
    const open = openBlocks(1);
    const first = open(0);
    readAll(first);
    const second = open(1);
    expect(open(1)).toBe(second);
    expect(open(0)).not.toBe(first);
  });
});
