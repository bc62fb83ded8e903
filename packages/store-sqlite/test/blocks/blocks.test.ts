import { createTestContext } from '@vigilant/conformance';
import type { EventOrder, Filter, Store, StoredEvent } from '@vigilant/core';
import { MATCH_ALL } from '@vigilant/core';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createStore } from '../../src/host/sqlite-store';
import { resolveStoreOptions } from '../../src/host/store-options';
import type { BlockLimits } from '../../src/store/store-protocol';
import { SMALL_BLOCKS } from '../support/block-store';
import { createFolder } from '../support/folder';
import { sampleEvents } from '../support/sample-events';

async function openStore(limits: BlockLimits = SMALL_BLOCKS): Promise<{ store: Store; path: string }> {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  const path = folder.file('events.db');
  const store = createStore(path, resolveStoreOptions({}), limits);
  await store.open(createTestContext());
  onTestFinished(() => store.close());
  return { store, path };
}

async function readAll(
  store: Store,
  filter: Filter = MATCH_ALL,
  order: EventOrder = 'arrival',
  limit = 100,
): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  let page = await store.query({ filter, order, limit, maxBytes: 1e6 });
  events.push(...page.events);
  while (page.next !== undefined) {
    page = await store.query({ filter, order, limit, maxBytes: 1e6, after: page.next, asOf: page.asOf });
    events.push(...page.events);
  }
  return events;
}

function count(path: string, table: string): number {
  const database = new Database(path, { readonly: true });
  onTestFinished(() => void database.close());
  return database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
}

describe('SqliteStore with blocks', () => {
  it('writes a large batch as blocks, together with the rows before it', async () => {
    const { store, path } = await openStore();
    const events = sampleEvents(43);
    await store.append(events.slice(0, 3));
    expect(count(path, 'event')).toBe(3);
    await store.append(events.slice(3));
    expect(count(path, 'event')).toBe(0);
    expect(count(path, 'block')).toBe(3);
    const stored = await readAll(store);
    expect(stored.map(({ id, sequence }) => [sequence, id])).toEqual(
      events.map(({ id }, index) => [index + 1, id]),
    );
  });
});
