import { createVigilant } from '@vigilant/core';
import { generate } from '../data-sets.mjs';
import { summary } from '../measure.mjs';

/** Compares the synchronous part of `log()` with F2, one JSON.stringify of the same event. */
export async function logSync({ runs }) {
  const inputs = generate(20_000);
  const floors = [];
  const ours = [];
  for (let run = 0; run < runs; run += 1) {
    let started = performance.now();
    let bytes = 0;
    for (const input of inputs) bytes += JSON.stringify(input).length;
    floors.push(((performance.now() - started) * 1000) / inputs.length);
    if (bytes === 0) throw new Error('The encoded events are empty.');

    const vigilant = createVigilant();
    await vigilant.open();
    started = performance.now();
    const receipts = inputs.map((input) => vigilant.log(input));
    ours.push(((performance.now() - started) * 1000) / inputs.length);
    await Promise.all(receipts);
    await vigilant.close();
  }
  const [floor, own] = [summary(floors), summary(ours)];
  return [
    {
      what: '`log()` synchronous part, per event',
      durability: 'none',
      ours: `${own.median.toFixed(2)} µs`,
      floor: `F2 ${floor.median.toFixed(2)} µs`,
      ratio: own.median / floor.median,
      target: '≤ 2',
      isMet: own.median / floor.median <= 2,
      spread: { ours: own, floor },
    },
  ];
}
