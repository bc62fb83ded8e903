import { createTestContext } from '@vigilant/conformance';
import type { Event, Filter, Store, StoredEvent } from '@vigilant/core';
import { MATCH_ALL } from '@vigilant/core';
import { toEventJson } from '@vigilant/core/adapter';
import { describe, expect, it } from 'vitest';
import { readPart } from '../../src/blocks/block-table';
import type { StoredPartName } from '../../src/blocks/block-table';
import { createStore as createSqliteStore } from '../../src/host/sqlite-store';
import { resolveStoreOptions } from '../../src/host/store-options';
import type { BlockStore } from '../support/block-store';
import { SMALL_BLOCKS, createBlockStore } from '../support/block-store';
import { sampleEvents } from '../support/sample-events';

const EVENTS: readonly Event[] = sampleEvents(48, { tags: ['a'], group: 'g', origin: 'o' });
/** Number of places of each block in the table of parts, and the first sequence of the second of three blocks. */
const PLACES = 32;
const BLOCK = 17;

const PARTS: readonly StoredPartName[] = [
  ...(['sequence', 'timestamp', 'receivedAt', 'level', 'severity', 'id', 'message', 'origin'] as const),
  ...(['source', 'type', 'group', 'tags', 'data', 'tokens', 'summary'] as const),
  ...(['trigrams', 'groupTrigrams'] as const),
];

/** Ways to damage a blob, as SQL. */
const DAMAGES = {
  'changed byte': (table: string, where: string) =>
    `UPDATE ${table} SET bytes = CAST(substr(bytes, 1, length(bytes) / 2) || x'a7' || substr(bytes, length(bytes) / 2 + 2) AS BLOB) WHERE ${where}`,
  'missing row': (table: string, where: string) => `DELETE FROM ${table} WHERE ${where}`,
  'truncated bytes': (table: string, where: string) =>
    `UPDATE ${table} SET bytes = substr(bytes, 1, length(bytes) / 2) WHERE ${where}`,
  'no bytes': (table: string, where: string) => `UPDATE ${table} SET bytes = x'' WHERE ${where}`,
} as const;

/** The parts that only searches read. */
const SEARCHED: readonly StoredPartName[] = ['trigrams', 'groupTrigrams', 'tokens'];

/** Conditions that every event meets. */
const CONTAINS: Filter = { kind: 'contains', text: 'event' };
const TAGGED: Filter = { kind: 'text', field: 'tags', operator: 'equals', value: 'a' };

function createStore(): BlockStore {
  const store = createBlockStore();
  store.append(EVENTS);
  return store;
}

/** Returns events as lines of JSON. */
function linesOf(events: readonly StoredEvent[]): string {
  return events.map((event) => `${JSON.stringify(toEventJson(event))}\n`).join('');
}

/** Creates a store with threads. */
function createStoreOf(path: string, readOnly = false): Store {
  return createSqliteStore(path, resolveStoreOptions({ readOnly }), SMALL_BLOCKS);
}

/** Damages parts of the second block and opens the file again. */
function damage(store: BlockStore, sql: string): BlockStore {
  store.connection.exec(sql);
  return store.another();
}

/** All parts are decoded alike, so only some need every way. */
const OFTEN: readonly StoredPartName[] = ['sequence', 'id', 'message', 'tokens'];

const CASES = PARTS.flatMap((part, place) =>
  Object.entries(DAMAGES)
    .slice(0, OFTEN.includes(part) ? 4 : 2)
    .map(([kind, sql]) => ({
      part,
      kind,
      sql: sql('part', `place = ${BLOCK * PLACES + place}`),
    })),
);

describe.each(CASES)('block whose $part has $kind', ({ part, sql }) => {
  it('is read as lines like events', async () => {
    for (const order of ['arrival', 'newest', 'oldest'] as const) {
      const store = damage(createStore(), sql);
      const lines = await store.readLines({ order });
      expect(lines).toBe(linesOf(await store.another().readAll({ order })));
      if (!SEARCHED.includes(part) && part !== 'summary')
        expect(store.damage).toContain(`The ${part} of 16 events from sequence 17`);
    }
  });

  it('is read without the part, while appends and pruning continue', async () => {
    const store = damage(createStore(), sql);
    for (const order of ['arrival', 'newest', 'oldest'] as const) {
      const filter: Filter = { kind: 'and', filters: [CONTAINS, TAGGED] };
      const all = await store.readAll({ order });
      expect(all.length).toBe(48);
      expect(all.filter(({ sequence }) => sequence < 17 || sequence > 32)).toHaveLength(32);
      const found = await store.readAll({ order, filter });
      expect(found.length).toBe(part === 'message' || part === 'tags' ? 32 : 48);
    }
    for (const id of ['event-1', 'event-48']) expect(await store.get(id)).toMatchObject({ id });
    if (part !== 'id') expect((await store.get('event-20'))?.sequence).toBe(20);
    if (part !== 'summary') expect(store.damage).toContain(`The ${part} of 16 events from sequence 17`);
    const isSame = !['id', 'message', 'data', 'tags', 'level', 'origin', 'source', 'type', 'group'].includes(
      part,
    );
    const outside = [...EVENTS.slice(0, 16), ...EVENTS.slice(32)];
    expect(store.append(outside)).toEqual({ inserted: 0, duplicates: 32, conflicts: [] });
    if (part !== 'id') expect(store.append(EVENTS).inserted).toBe(0);
    if (isSame) expect(store.append(EVENTS)).toEqual({ inserted: 0, duplicates: 48, conflicts: [] });
    expect(
      store.append(sampleEvents(20).map((event) => ({ ...event, id: `new-${event.id}` }))).inserted,
    ).toBe(20);
    await store.seal();
    expect(await store.prune({ maxEvents: 60 })).toMatchObject({ deleted: 8 });
    expect(await store.prune({ maxEvents: 1 })).toMatchObject({ deleted: 59 });
    expect(store.damage).toBeUndefined();
  });
});

describe('the sample', () => {
  it('is damaged by each statement', () => {
    const store = createStore();
    for (const { part, sql } of CASES) {
      const before = readPart(store.connection, BLOCK, part);
      store.connection.exec(`BEGIN; ${sql}`);
      expect(readPart(store.connection, BLOCK, part)).not.toEqual(before);
      store.connection.exec('ROLLBACK');
    }
  });
});

const RUN_DAMAGES = Object.entries(DAMAGES).flatMap(([kind, sql]) => [
  { kind: `parts with ${kind}`, sql: sql('id_part', '1') },
  ...(kind === 'missing row'
    ? []
    : [{ kind: `heads with ${kind}`, sql: sql('id_run', '1').replaceAll('bytes', 'head') }]),
]);

describe.each(RUN_DAMAGES)('index of ids: $kind', ({ sql }) => {
  it('does not store an id twice and names the damage', () => {
    const store = damage(createStore(), sql);
    expect(store.append(EVENTS)).toEqual({ inserted: 0, duplicates: 48, conflicts: [] });
    expect(store.damage).toContain('The index of ids cannot be read');
    expect(store.append(EVENTS.slice(3, 5))).toEqual({ inserted: 0, duplicates: 2, conflicts: [] });
    expect(store.append([...EVENTS.slice(40), ...sampleEvents(50).slice(48)])).toMatchObject({ inserted: 2 });
  });

  it('finds an event by its id', async () => {
    const store = damage(createStore(), sql);
    expect((await store.get('event-20'))?.sequence).toBe(20);
    expect(await store.get('absent')).toBeUndefined();
  });

  it('is repaired in the background', async () => {
    const store = damage(createStore(), sql);
    store.append(EVENTS);
    await store.maintain();
    const repaired = store.another();
    expect(repaired.append(EVENTS)).toEqual({ inserted: 0, duplicates: 48, conflicts: [] });
    expect(repaired.damage).toBeUndefined();
  });
});

describe('SqliteStore.status', () => {
  it('names an index of ids that an append found damaged, until it is repaired', async () => {
    const { path } = damage(createStore(), DAMAGES['missing row']('id_part', '1'));
    const store = createStoreOf(path);
    await store.open(createTestContext());
    expect((await store.status()).state).toBe('ready');
    expect(await store.append(EVENTS)).toMatchObject({ inserted: 0, duplicates: 48 });
    expect(await store.status()).toMatchObject({
      state: 'degraded',
      reason: 'The index of ids cannot be read: it is missing.',
    });
    await expect.poll(async () => (await store.status()).state, { timeout: 20_000 }).toBe('ready');
    expect(await store.append(EVENTS)).toMatchObject({ inserted: 0, duplicates: 48 });
    await store.close();
  });

  it.each([false, true])('names a column that a query found damaged (readOnly: %s)', async (readOnly) => {
    const { path } = damage(createStore(), DAMAGES['changed byte']('part', `place = ${BLOCK * PLACES + 6}`));
    const store = createStoreOf(path, readOnly);
    await store.open(createTestContext());
    const { events } = await store.query({ filter: MATCH_ALL, order: 'oldest', limit: 100, maxBytes: 1e6 });
    expect(events).toHaveLength(48);
    expect(await store.status()).toMatchObject({
      state: 'degraded',
      reason: 'The message of 16 events from sequence 17 cannot be read: its checksum is wrong.',
    });
    await store.close();
  });
});
