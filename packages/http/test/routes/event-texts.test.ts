import { describe, expect, it } from 'vitest';
import { parseArray, parseLines } from '../../src/routes/event-texts';

const MIB = 1024 * 1024;

/** Counts the turns of the event loop until a promise settles. */
async function turnsOf(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isSettled = false;
  const settled = work.catch(() => {}).finally(() => (isSettled = true));
  while (!isSettled) {
    await new Promise((resolve) => setImmediate(resolve));
    turns += 1;
  }
  await settled;
  return turns;
}

describe('parseArray() and parseLines()', () => {
  it.each<[string, () => Promise<unknown>]>([
    [
      'an array',
      () =>
        parseArray(`[${'{"message":"m","source":"a long source that fills the text"},'.repeat(9_999)}{}]`),
    ],
    ['an array of too many elements', () => parseArray(`[${'1,'.repeat(2 * MIB)}1]`)],
    ['one long element', () => parseArray(`[[${'1,'.repeat(2 * MIB)}1]]`)],
    [
      'lines',
      () => parseLines('{"message":"m","source":"a long source that fills the text"}\n'.repeat(10_000)),
    ],
    ['too many lines', () => parseLines('{"message":"m"}\n'.repeat(200_000))],
    ['empty lines', () => parseLines('\n'.repeat(4 * MIB))],
    ['lines that are not JSON', () => parseLines('{"message":\n'.repeat(1_000))],
  ])('yield to the event loop while they read %s', async (_, parse) => {
    expect(await turnsOf(parse())).toBeGreaterThan(2);
  });
});
