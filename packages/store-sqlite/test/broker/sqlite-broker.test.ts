import { createTestContext } from '@vigilant/conformance';
import type { Broker, Event } from '@vigilant/core';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSqliteBroker } from '../../src/index';
import { createFolder } from '../support/folder';
import { sampleEvents } from '../support/sample-events';

const { signal } = new AbortController();
const CLOSED = {
  code: 'VIGILANT_BROKER_CLOSED',
  message: 'The SQLite broker is not open. Call open() first.',
};

async function openBroker(): Promise<Broker> {
  const folder = createFolder();
  const broker = createSqliteBroker(folder.file('journal.db'));
  await broker.open(createTestContext());
  onTestFinished(async () => {
    await broker.close();
    folder.remove();
  });
  return broker;
}

describe('SqliteBroker', () => {
  it('rejects every call before it is opened', async () => {
    const broker = createSqliteBroker('x.db');
    await expect(broker.publish([])).rejects.toMatchObject(CLOSED);
    await expect(broker.consume({ signal })[Symbol.asyncIterator]().next()).rejects.toMatchObject(CLOSED);
    await expect(broker.watch({ signal })).rejects.toMatchObject(CLOSED);
    await expect(broker.barrier({ signal })).rejects.toMatchObject(CLOSED);
    expect(broker.status()).toMatchObject({ state: 'closed' });
  });

  it('reports its state and when it last made progress', async () => {
    const broker = await openBroker();
    expect(broker.status()).toMatchObject({ state: 'ready', isBlocked: false, isVolatile: false });
    expect(broker.status()).not.toHaveProperty('reason');
    expect(broker.status()).not.toHaveProperty('lastProgressAt');
    await broker.publish(sampleEvents(1));
    expect(broker.status().lastProgressAt).toBeGreaterThan(Date.now() - 60_000);
  });

  it.each([
    ['accepts a watch that falls 15 MiB behind', 15, 15],
    ['fails a watch that falls more than 16 MiB behind', 17, 16],
  ])('%s', async (_, published, shown) => {
    const broker = await openBroker();
    const watch = await broker.watch({ signal });
    for (let n = 0; n < published; n += 1)
      await broker.publish(sampleEvents(4, { data: { text: 'x'.repeat(262_000 - 400) } }));
    await broker.close();
    let batches = 0;
    const read = async (): Promise<void> => {
      for await (const events of watch as AsyncIterable<readonly Event[]>) batches += events.length / 4;
    };
    if (published === shown) await read();
    else await expect(read()).rejects.toMatchObject({ code: 'VIGILANT_WATCH_OVERFLOW' });
    expect(batches).toBe(shown);
  });
});

describe('SqliteBroker.watch', () => {
  it('fails once other processes have removed batches that it has not read', async () => {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    const path = folder.file('journal.db');
    const broker = createSqliteBroker(path);
    await broker.open(createTestContext());
    const watch = await broker.watch({ signal: new AbortController().signal });
    const database = new Database(path);
    database.exec('UPDATE journal SET removed_through = removed_through + 1000');
    database.close();
    await expect(watch[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'VIGILANT_WATCH_OVERFLOW',
    });
    await broker.close();
  });
});
