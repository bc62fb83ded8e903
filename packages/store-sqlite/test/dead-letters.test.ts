import { createVigilant } from '@vigilant/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sqlite } from '../src/index';
import { createFolder } from './support/folder';

function setUp() {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return () => createVigilant({ ...sqlite(folder.path), batch: { intervalMs: 1 } });
}

describe('Vigilant.deadLetters', () => {
  it('keeps the letter of every conflict that remains after a replay', async () => {
    const vigilant = setUp()();
    for (const message of ['first', 'second'])
      await vigilant.logBatch(Array.from({ length: 100 }, (_, n) => ({ id: `i${n}`, message })));
    await vigilant.flush({ timeoutMs: 20_000 });
    const { letters } = await vigilant.deadLetters.list({ limit: 1_000 });
    expect(letters).toHaveLength(100);
    for (const { key } of letters) await vigilant.deadLetters.replay(key);
    await vigilant.flush({ timeoutMs: 20_000 });
    const after = await vigilant.deadLetters.list({ limit: 1_000 });
    expect(new Set(after.letters.map(({ id }) => id)).size).toBe(100);
    await vigilant.close();
  });

  it('stores other events while one id conflicts 11,000 times, before and after a restart', async () => {
    const create = setUp();
    const first = create();
    for (let round = 0; round < 11; round += 1)
      await first.logBatch(
        Array.from({ length: 1_000 }, (_, n) => ({ id: 'same', message: `${round}/${n}` })),
      );
    await first.log({ message: 'good' });
    expect(await first.flush({ timeoutMs: 20_000 })).toEqual({ complete: true, pending: 0 });
    expect((await first.query('good')).events).toHaveLength(1);
    await first.close();
    const second = create();
    await second.log({ id: 'same', message: 'again' });
    await second.log({ message: 'good' });
    expect((await second.query('good')).events).toHaveLength(2);
    const { letters } = await second.deadLetters.list();
    expect(letters).toMatchObject([{ id: 'same', reason: 'id-conflict', count: 11_000 }]);
    expect(await second.status()).toMatchObject({ state: 'ready', broker: { pendingEvents: 0 } });
    await second.close();
  });
});
