import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TailItem } from '@vigilant/core';
import { createVigilant } from '@vigilant/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sqlite } from '../src/index';
import { stateOf } from './support/file-state';
import { createFolder } from './support/folder';
import { bundleLogger, startLogger } from './support/program';

const FIXTURE = fileURLToPath(new URL('./fixtures/v2', import.meta.url));

function temporaryFolder(): string {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
}

describe('sqlite() with readOnly', () => {
  it('queries a folder and leaves it unchanged, also its journal', async () => {
    const folder = temporaryFolder();
    cpSync(FIXTURE, folder, { recursive: true });
    const before = stateOf(folder);
    const vigilant = createVigilant(sqlite(folder, { readOnly: true }));
    const { events, freshness } = await vigilant.query();
    expect(events.length).toBeGreaterThan(0);
    expect(freshness).toEqual({ complete: true, pending: 0 });
    expect(await vigilant.views.list()).toEqual([]);
    await expect(vigilant.log({ message: 'm' })).rejects.toMatchObject({ code: 'VIGILANT_READ_ONLY' });
    expect(await vigilant.status()).toMatchObject({
      state: 'ready',
      capabilities: { store: { readOnly: true } },
    });
    expect(await vigilant.close()).toEqual({ stored: 0, left: 0, lost: 0, rejected: 0 });
    expect(stateOf(folder)).toEqual(before);
  });

  it('returns the events of another process from tails and queries, also after that process was killed', async () => {
    const folder = temporaryFolder();
    const logger = startLogger(await bundleLogger(), [folder, 'other', 1, 20]);
    onTestFinished(() => logger.kill('SIGKILL'));
    await logger.until(1);
    const vigilant = createVigilant(sqlite(folder, { readOnly: true }));
    onTestFinished(async () => void (await vigilant.close()));
    const tail = vigilant.tail();
    const first = (await tail.next()).value as TailItem;
    expect(first).toMatchObject({ type: 'event', event: { id: expect.stringMatching(/^other-/) as string } });
    await tail.return?.();
    logger.kill('SIGKILL');
    await logger.ended;
    const { events } = await vigilant.query('', { order: 'arrival', limit: 10_000 });
    expect(events.map(({ id }) => id)).toContain(first.type === 'event' ? first.event.id : '');
  });
});
