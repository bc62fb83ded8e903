import { setTimeout as sleep } from 'node:timers/promises';
import { createVigilant } from '@vigilant/core';
import { sqlite } from '@vigilant/store-sqlite';
import { generate } from '../data-sets.mjs';
import { syncLatencies } from '../floors.mjs';
import { inFolder, loopDelay, percentile } from '../measure.mjs';

const SECONDS = 5;

/** Logs at a constant rate and returns the latency of each acknowledgement in milliseconds. */
async function steady(vigilant, inputs, perSecond, onSent = () => {}) {
  const latencies = [];
  const pending = [];
  const started = performance.now();
  for (let sent = 0; sent < inputs.length;) {
    const due = Math.min(inputs.length, Math.ceil(((performance.now() - started) / 1000) * perSecond));
    for (; sent < due; sent += 1) {
      const at = performance.now();
      onSent(inputs[sent], at);
      pending.push(vigilant.log(inputs[sent]).then(() => latencies.push(performance.now() - at)));
    }
    await sleep(1);
  }
  await Promise.all(pending);
  return latencies;
}

const distinct = (count, seed) => [
  ...new Map(generate(count, seed).map((input) => [input.id, input])).values(),
];

/** Measures the latency of durable `log()` and of the tail, and the event-loop delay of the host. */
export async function latency() {
  return inFolder(async (folder) => {
    const vigilant = createVigilant({ ...sqlite(folder) });
    await vigilant.open();
    const slow = distinct(1_000 * SECONDS, 2);
    const bytes = slow.map((input) => Buffer.from(JSON.stringify(input)));
    const floor = percentile(syncLatencies(folder, bytes.slice(0, 2_000)), 0.99);

    const sentAt = new Map();
    const tailed = [];
    const items = vigilant.tail();
    const reading = (async () => {
      for await (const item of items) {
        if (item.type === 'event') tailed.push(performance.now() - sentAt.get(item.event.id));
        if (tailed.length === slow.length) break;
      }
    })();
    const acks = await steady(vigilant, slow, 1_000, ({ id }, at) => sentAt.set(id, at));
    await Promise.race([reading, sleep(5_000)]);
    if (tailed.length !== slow.length)
      throw new Error(`The tail returned ${tailed.length} of ${slow.length} events.`);

    const delay = await loopDelay(() => steady(vigilant, distinct(5_000 * SECONDS, 3), 5_000));
    const fresh = performance.now();
    await vigilant.query('level>=WARN');
    const drained = performance.now() - fresh;
    await vigilant.close();

    const p99 = percentile(acks, 0.99);
    const tailP99 = percentile(tailed, 0.99);
    const allowed = Math.max(5 * floor, 25);
    const row = (what, ms, target, isMet, extra = {}) => ({
      what,
      durability: 'fsync',
      ours: `${ms.toFixed(1)} ms`,
      floor: '',
      ratio: undefined,
      target,
      isMet,
      ...extra,
    });
    return [
      row('durable `log()` at 1,000 events/s, p99', p99, '≤ 5 × F4 or 25 ms', p99 <= allowed, {
        floor: `F4 p99 ${floor.toFixed(1)} ms`,
        ratio: p99 / floor,
      }),
      row('acceptance to tail at 1,000 events/s, p99', tailP99, '≤ 200 ms', tailP99 <= 200),
      row('event-loop delay at 5,000 events/s, p99', delay.p99, '≤ 10 ms', delay.p99 <= 10),
      row('query right after 5,000 events/s', drained, '≤ 250 ms', drained <= 250),
    ];
  });
}
