import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestContext } from '@vigilant/conformance';
import type { Event, Store } from '@vigilant/core';
import { MATCH_ALL } from '@vigilant/core';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSqliteBroker, createSqliteStore } from '../src/index';
import { FIXTURE_BLOCK, FIXTURE_EVENTS } from './fixtures/events';
import type { BlockLimits } from '../src/blocks/block-limits';
import { createStore } from '../src/host/sqlite-store';
import { resolveStoreOptions } from '../src/host/store-options';
import { sampleEvents } from './support/sample-events';
import { createFolder } from './support/folder';

const FIXTURES = fileURLToPath(new URL('./fixtures', import.meta.url));
const VERSIONS = readdirSync(FIXTURES).filter((name) => /^v\d+$/.test(name));

/** The first schema version with blocks. */
const FIRST_WITH_BLOCKS = 4;

const ALL = { filter: MATCH_ALL, order: 'arrival', maxBytes: 1e8 } as const;

/** Returns the events in the store of a version, in order of arrival. */
function storedIn(version: string): readonly Event[] {
  const hasBlocks = Number(version.slice(1)) >= FIRST_WITH_BLOCKS;
  return hasBlocks ? [...FIXTURE_BLOCK, ...FIXTURE_EVENTS] : FIXTURE_EVENTS;
}

describe.each(VERSIONS)('files of schema %s', (version) => {
  function copy(): string {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    cpSync(join(FIXTURES, version), folder.path, { recursive: true });
    return folder.path;
  }

  it('contain every event and document of the store', async () => {
    const store = createSqliteStore(join(copy(), 'events.db'));
    await store.open(createTestContext());
    const page = await store.query({ ...ALL, limit: 10_000 });
    expect(page.events).toEqual(storedIn(version).map((event, index) => ({ ...event, sequence: index + 1 })));
    expect((await store.status()).state).toBe('ready');
    expect((await store.documents?.get('setting', 'theme'))?.value).toEqual({ dark: true });
    await store.close();
  });

  it('contain the unacknowledged events of the journal', async () => {
    const broker = createSqliteBroker(join(copy(), 'journal.db'));
    await broker.open(createTestContext());
    expect(broker.status().pendingEvents).toBe(FIXTURE_EVENTS.length);
    const signal = new AbortController().signal;
    for await (const { events, malformed, ack } of broker.consume({ signal })) {
      expect(malformed).toEqual([]);
      expect(events).toEqual(FIXTURE_EVENTS);
      await ack();
      break;
    }
    expect(broker.status().pendingEvents).toBe(0);
    await broker.close();
  });
});

/** Small limits, so that the events of the fixtures become blocks. */
const LIMITS: BlockLimits = {
  directEvents: 6,
  maxRows: 1,
  maxRowBytes: 1e9,
  blockEvents: 3,
  blockBytes: 1e6,
};

describe.each(VERSIONS)('a store of schema %s', (version) => {
  async function open(limits = LIMITS): Promise<{ store: Store; path: string }> {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    const path = folder.file('events.db');
    cpSync(join(FIXTURES, version, 'events.db'), path);
    const store = createStore(path, resolveStoreOptions({}), limits);
    await store.open(createTestContext());
    onTestFinished(() => store.close());
    return { store, path };
  }

  const ids = async (store: Store): Promise<string[]> =>
    (await store.query({ ...ALL, limit: 10_000 })).events.map(({ id }) => id);

  it('seals its rows in the background while it is used', async () => {
    const { store, path } = await open();
    const added = sampleEvents(4);
    expect(await store.append(added)).toMatchObject({ inserted: 4 });
    await expect.poll(() => countRows(path), { timeout: 20_000 }).toBeLessThanOrEqual(1);
    const all = [...storedIn(version), ...added];
    expect(await ids(store)).toEqual(all.map(({ id }) => id));
    expect(await store.append(all)).toEqual({ inserted: 0, duplicates: all.length, conflicts: [] });
    for (const event of FIXTURE_EVENTS) expect(await store.get(event.id)).toMatchObject({ ...event });
    expect(await store.prune?.({ maxEvents: 5 })).toEqual({ deleted: all.length - 5, complete: true });
    expect(await ids(store)).toEqual(all.slice(-5).map(({ id }) => id));
  });

  it('is pruned by bytes although a part of its rows is sealed', async () => {
    const { store } = await open({ ...LIMITS, maxRows: 6, blockEvents: 2 });
    const added = sampleEvents(5);
    await store.append(added);
    await store.prune?.({ maxBytes: 5 * 240 });
    const left = await ids(store);
    expect(left.length).toBeGreaterThan(0);
    expect(left).toEqual([...storedIn(version), ...added].slice(-left.length).map(({ id }) => id));
    expect((await store.status()).events).toBe(left.length);
  });

  it('is read by a read-only store', async () => {
    const { path, store } = await open({ ...LIMITS, directEvents: 1e9, maxRows: 1e9 });
    await store.close();
    const readOnly = createSqliteStore(path, { readOnly: true });
    await readOnly.open(createTestContext());
    onTestFinished(() => readOnly.close());
    expect(await ids(readOnly)).toEqual(storedIn(version).map(({ id }) => id));
    expect((await readOnly.get('text id'))?.message).toBe(FIXTURE_EVENTS[1]?.message);
  });
});

describe('a read-only store', () => {
  it.each(['v2', 'v3', 'v4'])('reads a file of schema %s as it is', async (version) => {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    cpSync(join(FIXTURES, version, 'events.db'), folder.file('events.db'));
    const store = createSqliteStore(folder.file('events.db'), { readOnly: true });
    await store.open(createTestContext());
    onTestFinished(() => store.close());
    for (const order of ['newest', 'oldest', 'arrival'] as const) {
      const { events } = await store.query({ ...ALL, order, limit: 10_000 });
      expect(new Set(events.map(({ id }) => id))).toEqual(new Set(storedIn(version).map(({ id }) => id)));
    }
    expect(await store.get('absent')).toBeUndefined();
  });
});

function countRows(path: string): number {
  const database = new Database(path, { readonly: true });
  const count = database.prepare('SELECT count(*) FROM event').pluck().get() as number;
  database.close();
  return count;
}
