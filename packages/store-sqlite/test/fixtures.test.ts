import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestContext } from '@vigilant/conformance';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSqliteBroker, createSqliteStore } from '../src/index';
import { FIXTURE_EVENTS } from './fixtures/events';
import { createFolder } from './support/folder';

const FIXTURES = fileURLToPath(new URL('./fixtures', import.meta.url));
const VERSIONS = readdirSync(FIXTURES).filter((name) => /^v\d+$/.test(name));

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
    const page = await store.query({ filter: { kind: 'all' }, order: 'arrival', limit: 10, maxBytes: 1e6 });
    expect(page.events).toEqual(FIXTURE_EVENTS.map((event, index) => ({ ...event, sequence: index + 1 })));
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
