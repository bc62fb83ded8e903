import { createTestContext } from '@vigilant/conformance';
import type { Event, EventOrder, Filter, Level } from '@vigilant/core';
import { LEVELS, createMemoryStore } from '@vigilant/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockStore } from '../support/block-store';
import { createBlockStore } from '../support/block-store';

const MAX_MS = 2 ** 43;
const NOW = 1_700_000_000_000;

/** Few ids, so that many are repeated. */
const ids = fc.oneof(
  fc.nat(30).map((index) => `018bcfe5-68${index.toString(16).padStart(2, '0')}-7000-8000-000000000000`),
  fc.nat(30).map((index) => `00000000-0000-4000-8000-0000000000${index.toString(16).padStart(2, '0')}`),
  fc.nat(30).map(String),
  fc.nat(30).map((index) => `${index}`.padStart(128, '~')),
);
const texts = fc.constantFrom(
  '',
  '\0',
  'a\0b',
  '支付 declined',
  'order 17 shipped',
  'order 18 shipped',
  '😀\u2028"\\',
);
const times = fc.oneof(
  fc.nat(5).map((index) => NOW + index),
  fc.constantFrom(0, -0.001, -1, MAX_MS, -MAX_MS, NOW + 20_000, NOW - 0.5),
);

const events: fc.Arbitrary<Event> = fc.record({
  id: ids,
  message: texts,
  level: fc.constantFrom(...LEVELS),
  severity: fc.constantFrom(0, -(2 ** 31), 2 ** 31 - 1),
  timestamp: times,
  receivedAt: times,
  origin: fc.constantFrom('', 'host'),
  source: texts,
  type: fc.constantFrom('log', 'audit'),
  group: fc.constant('default'),
  tags: fc.uniqueArray(fc.constantFrom('a', 'b,"', '支'), { maxLength: 2 }),
  data: fc.constantFrom({}, { a: 1 }, { a: { b: ['x\0', null] } }, { n: '9007199254740993' }),
});

type Step =
  | { readonly kind: 'append'; readonly batch: readonly Event[] }
  | { readonly kind: 'seal'; readonly maxRows: number }
  | { readonly kind: 'maintain' }
  | { readonly kind: 'prune'; readonly policy: Parameters<BlockStore['prune']>[0] };

const bounds = fc.constantFrom(NOW - MAX_MS, -0.5, NOW + 2, NOW + 4, NOW + 10_000);
const policies = fc.oneof(
  fc.nat(40).map((maxEvents) => ({ maxEvents })),
  bounds.map((receivedBefore) => ({ receivedBefore })),
  fc.tuple(fc.dictionary(fc.constantFrom(...LEVELS), bounds), fc.nat(60)).map(([byLevel, maxEvents]) => ({
    receivedBeforeByLevel: byLevel as Partial<Record<Level, number>>,
    maxEvents,
  })),
);
const batches = fc.oneof(
  fc.array(events, { maxLength: 6 }),
  fc.array(events, { minLength: 8, maxLength: 60 }),
);
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: batches.map((batch) => ({ kind: 'append' as const, batch })) },
  fc.nat(12).map((maxRows) => ({ kind: 'seal' as const, maxRows })),
  fc.constant({ kind: 'maintain' as const }),
  policies.map((policy) => ({ kind: 'prune' as const, policy })),
);

const filters: fc.Arbitrary<Filter> = fc.letrec<{ tree: Filter }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom<Filter>(
      { kind: 'all' },
      { kind: 'contains', text: 'ORDER 17' },
      { kind: 'contains', text: '\0' },
      { kind: 'text', field: 'source', operator: 'prefix', value: 'order' },
      { kind: 'text', field: 'id', operator: 'equals', value: '7' },
      { kind: 'text', field: 'tags', operator: 'equals', value: 'b,"' },
      { kind: 'ordered', field: 'level', operator: '>=', value: 2 },
      { kind: 'ordered', field: 'timestamp', operator: '<', value: (NOW + 3) * 1000 },
      { kind: 'ordered', field: 'timestamp', operator: '>=', value: 0 },
      { kind: 'present', field: 'source' },
      { kind: 'data', path: ['a', 'b'], test: { operator: 'equals', text: 'x\0' } },
    ),
    fc.array(tie('tree'), { maxLength: 3 }).map((parts): Filter => ({ kind: 'and', filters: parts })),
    fc.array(tie('tree'), { maxLength: 3 }).map((parts): Filter => ({ kind: 'or', filters: parts })),
    tie('tree').map((filter): Filter => ({ kind: 'not', filter })),
  ),
})).tree;
interface Asked {
  readonly filter: Filter;
  readonly order: EventOrder;
  readonly limit: number;
  /** Share of all sequences up to which events are read. */
  readonly share: number;
}

const queries: fc.Arbitrary<Asked> = fc.record({
  filter: filters,
  order: fc.constantFrom<EventOrder>('newest', 'oldest', 'arrival'),
  limit: fc.constantFrom(1, 3, 1_000),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** Compares a store with the memory store, which keeps all events in an array. */
async function checkSteps(input: readonly Step[], asked: readonly Asked[]) {
  const store = createBlockStore();
  const model = createMemoryStore();
  await model.open(createTestContext());
  for (const step of input) {
    if (step.kind === 'append') expect(store.append(step.batch)).toEqual(await model.append(step.batch));
    if (step.kind === 'seal') await store.seal(step.maxRows);
    if (step.kind === 'maintain') await store.maintain();
    if (step.kind === 'prune')
      expect(await store.prune(step.policy)).toEqual(await model.prune?.(step.policy));
  }
  const { lastSequence } = await model.status();
  for (const { filter, order, limit, share } of asked) {
    const asOf = Math.round(share * lastSequence);
    const { events: expected } = await model.query({ filter, order, asOf, limit: 10_000, maxBytes: 1e9 });
    expect(await store.readAll({ filter, order, asOf, limit })).toEqual(expected);
  }
  const all = await model.query({ filter: { kind: 'all' }, order: 'arrival', limit: 10_000, maxBytes: 1e9 });
  for (const event of all.events.slice(0, 20)) expect(await store.get(event.id)).toEqual(event);
  expect(store.damage).toBeUndefined();
}

describe('SqliteStore on blocks', () => {
  it('behaves as the memory store does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(steps, { minLength: 1, maxLength: 10 }),
        fc.array(queries, { minLength: 1, maxLength: 5 }),
        checkSteps,
      ),
      { numRuns: 40 },
    );
  }, 120_000);
});
