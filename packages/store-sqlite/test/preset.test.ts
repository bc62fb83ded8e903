import { createVigilant } from '@vigilant/core';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sqlite } from '../src/index';
import { createFolder } from './support/folder';

function temporaryFolder() {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return folder;
}

describe('sqlite()', () => {
  it('stores a single event after the interval', async () => {
    const folder = temporaryFolder();
    const vigilant = createVigilant({ ...sqlite(folder.path), batch: { intervalMs: 300 } });
    // An event is accepted before the store is open.
    await vigilant.open();
    await vigilant.log({ message: 'alone' });
    const file = new Database(folder.file('events.db'), { readonly: true });
    const count = file.prepare('SELECT count(*) FROM events').pluck();
    // The limit is generous for a busy machine.
    await expect.poll(() => count.get(), { timeout: 20_000 }).toBe(1);
    file.close();
    await vigilant.close();
  });

  it('returns every event at once and after restarts, although the interval is long', async () => {
    const folder = temporaryFolder();
    for (let run = 1; run <= 3; run += 1) {
      const vigilant = createVigilant({ ...sqlite(folder.path), batch: { intervalMs: 30_000 } });
      await vigilant.log({ message: `run ${run}` });
      const { events, freshness } = await vigilant.query('', { order: 'arrival' });
      expect(freshness).toMatchObject({ complete: true });
      expect(events.map(({ message }) => message)).toEqual(
        Array.from({ length: run }, (_, index) => `run ${index + 1}`),
      );
      await vigilant.close();
    }
  });

  it('delivers an event to the tail of another process before it is stored', async () => {
    const folder = temporaryFolder();
    const [one, other] = [sqlite(folder.path), sqlite(folder.path)].map((parts) =>
      createVigilant({ ...parts, batch: { intervalMs: 30_000 } }),
    );
    if (one === undefined || other === undefined) return expect.fail();
    const tail = one.tail();
    const first = tail.next();
    await one.log({ message: 'own' });
    expect((await first).value).toMatchObject({ event: { message: 'own' } });
    await other.open();
    // The processes notice each other after a second.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const next = tail.next();
    await other.log({ message: 'external' });
    const started = performance.now();
    expect((await next).value).toMatchObject({ event: { message: 'external' } });
    expect(performance.now() - started).toBeLessThan(20_000);
    await tail.return?.();
    await Promise.all([one.close(), other.close()]);
  });

  it('passes its options to the broker', async () => {
    const vigilant = createVigilant(sqlite(temporaryFolder().path, { broker: { maxBytes: 2 ** 21 } }));
    await vigilant.open();
    expect((await vigilant.status()).broker.capacityBytes).toBe(2 ** 21);
    await vigilant.close();
  });
});
