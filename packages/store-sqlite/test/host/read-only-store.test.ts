import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '@vigilant/core';
import { MATCH_ALL } from '@vigilant/core';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { bundleProgram } from '../../../../scripts/lib/bundle.mjs';
import { FIXTURE_EVENTS } from '../fixtures/events';
import { fillDisk, mountDisk } from '../support/disk';
import { stateOf } from '../support/file-state';
import { EVERYTHING, idsOf, openStore as openWriter } from '../support/open-store';
import { runAndDie } from '../support/other-process';
import { openReadOnly, setUp } from '../support/read-only';
import { sampleEvents } from '../support/sample-events';

const FIXTURE_IDS = FIXTURE_EVENTS.map(({ id }) => id);
const RENAME_EPOCH = "UPDATE store SET epoch = 'changed'";
const PAST = new Date('2020-01-01T00:00:00Z');

/** Sets all times back, so that any later change shows. */
function age(folder: string): void {
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), PAST, PAST);
  utimesSync(folder, PAST, PAST);
}

describe('createSqliteStore() with readOnly', () => {
  describe('a closed database', () => {
    it.each(['v2', 'v3'])(
      'of schema %s is read without a change of its file or its folder',
      async (version) => {
        const { folder, path } = setUp({ version });
        age(folder.path);
        const before = stateOf(folder.path);
        const store = await openReadOnly(path);
        expect((await store.query(EVERYTHING)).events).toEqual(
          FIXTURE_EVENTS.map((event, index) => ({ ...event, sequence: index + 1 })),
        );
        expect(await store.get(FIXTURE_IDS[0] as string)).toMatchObject({ id: FIXTURE_IDS[0] });
        expect(await store.status()).toMatchObject({ state: 'ready', events: FIXTURE_EVENTS.length });
        expect((await store.documents?.get('setting', 'theme'))?.value).toEqual({ dark: true });
        expect(stateOf(folder.path)).toEqual(before);
        await store.close();
        expect(stateOf(folder.path)).toEqual(before);
      },
    );

    it('leaves no copy, not even while it is open', async () => {
      const { path, copies } = setUp();
      const store = await openReadOnly(path);
      expect(await idsOf(store)).toEqual(FIXTURE_IDS);
      expect(readdirSync(copies)).toEqual([]);
    });

    it('reports that the disk has no space for the copy, with the remedy', async () => {
      const { path } = setUp();
      const disk = mountDisk(1);
      if (disk === undefined) return;
      fillDisk(disk);
      const files = readdirSync(disk);
      vi.stubEnv('TMPDIR', disk);
      await expect(openReadOnly(path)).rejects.toMatchObject({
        code: 'VIGILANT_STORE_UNAVAILABLE',
        message: expect.stringMatching(/cannot be copied .*(ENOSPC|SQLITE_).* set TMPDIR/) as string,
      });
      expect(readdirSync(disk)).toEqual(files);
    });

    it('is read in place if it uses no write-ahead log', async () => {
      const { folder, path, copies } = setUp();
      const backup = folder.file('backup.db');
      const database = new Database(path);
      database.exec(`VACUUM INTO '${backup}'`);
      database.close();
      rmSync(copies, { recursive: true });
      age(folder.path);
      const before = stateOf(folder.path);
      const store = await openReadOnly(backup);
      expect(await idsOf(store)).toEqual(FIXTURE_IDS);
      await store.close();
      expect(stateOf(folder.path)).toEqual(before);
    });
  });

  describe('the database of a process that was killed', () => {
    it('shows the commits in its write-ahead log and is not changed', async () => {
      const { folder, path } = setUp();
      runAndDie(path, RENAME_EPOCH);
      expect(readdirSync(folder.path)).toEqual(['events.db', 'events.db-shm', 'events.db-wal']);
      age(folder.path);
      // The -shm has no content of its own: each first reader computes it again.
      const before = stateOf(folder.path, ['events.db-shm']);
      const store = await openReadOnly(path);
      expect(await store.status()).toMatchObject({ epoch: 'changed' });
      await store.close();
      expect(stateOf(folder.path, ['events.db-shm'])).toEqual(before);
    });

    it('shows the commits in its write-ahead log although the -shm is missing', async () => {
      const { folder, path } = setUp();
      runAndDie(path, RENAME_EPOCH);
      rmSync(`${path}-shm`);
      age(folder.path);
      const before = stateOf(folder.path);
      const store = await openReadOnly(path);
      expect(await store.status()).toMatchObject({ epoch: 'changed' });
      await store.close();
      expect(stateOf(folder.path)).toEqual(before);
    });
  });

  describe('a database that is written', () => {
    it('shows commits at once', async () => {
      const { path, copies } = setUp();
      const writer = await openWriter(path);
      const store = await openReadOnly(path);
      for (const event of sampleEvents(3)) {
        await writer.append([event]);
        expect((await idsOf(store)).at(-1)).toBe(event.id);
      }
      expect(readdirSync(copies)).toEqual([]);
    });

    it('shows commits of a writer that opened it later, and stays readable after that has closed', async () => {
      const { path } = setUp();
      const store = await openReadOnly(path);
      expect(await idsOf(store)).toEqual(FIXTURE_IDS);
      const expected: string[] = [...FIXTURE_IDS];
      for (const [round, event] of sampleEvents(3).entries()) {
        const writer = await openWriter(path);
        await writer.append([event]);
        expected.push(event.id);
        expect(await idsOf(store), `round ${round}`).toEqual(expected);
        await writer.close();
        expect(await idsOf(store), `round ${round}, closed`).toEqual(expected);
      }
    });

    it('shows the change of a writer that opened and closed it between two reads', async () => {
      const { path } = setUp();
      const store = await openReadOnly(path);
      await store.status();
      const writer = await openWriter(path);
      await writer.append(sampleEvents(1));
      await writer.close();
      expect(await idsOf(store)).toEqual([...FIXTURE_IDS, 'event-1']);
    });

    it('can still be pruned and checkpointed by its writer', async () => {
      const { path } = setUp();
      const writer = await openWriter(path);
      const store = await openReadOnly(path);
      await idsOf(store);
      expect(await writer.prune?.({ maxEvents: 0 })).toMatchObject({ complete: true });
      expect(await idsOf(store)).toEqual([]);
    });
  });

  describe.each<[string, (path: string) => Promise<void>]>([
    ['a closed database', async () => {}],
    ['the database of a process that was killed', async (path) => runAndDie(path, RENAME_EPOCH)],
    ['a database that is written', async (path) => void (await openWriter(path))],
  ])('%s', (_name, prepare) => {
    it('is read by a user who may write neither to its files nor to its folder', async () => {
      const { folder, path, copies } = setUp();
      const program = await bundleProgram('packages/store-sqlite/test/programs/read-database.ts');
      await prepare(path);
      for (const name of readdirSync(folder.path)) chmodSync(folder.file(name), 0o444);
      chmodSync(folder.path, 0o555);
      chmodSync(copies, 0o777);
      onTestFinished(() => chmodSync(folder.path, 0o755));
      const before = stateOf(folder.path);
      // The administrator may write everywhere.
      const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
      const output = execFileSync(process.execPath, [program, path], {
        ...user,
        env: { ...process.env, TMPDIR: copies },
        encoding: 'utf8',
      });
      expect(JSON.parse(output)).toEqual(FIXTURE_IDS);
      expect(stateOf(folder.path)).toEqual(before);
    });
  });

  it('reads a database again that was moved away and back', async () => {
    const { folder, path } = setUp();
    const store = await openReadOnly(path);
    renameSync(path, folder.file('moved.db'));
    await expect(store.status()).rejects.toMatchObject({
      code: 'VIGILANT_STORE_UNAVAILABLE',
      message: expect.stringContaining('events.db does not exist') as string,
    });
    renameSync(folder.file('moved.db'), path);
    expect(await idsOf(store)).toEqual(FIXTURE_IDS);
  });

  it('ends a long query early instead of showing files that have changed', async () => {
    const { path } = setUp();
    const filler: Event[] = sampleEvents(20_000);
    const writer = await openWriter(path);
    await writer.append(filler);
    await writer.close();
    const store = await openReadOnly(path);
    const filter = { kind: 'not', filter: MATCH_ALL } as const;
    const running = store.query({ ...EVERYTHING, filter });
    spawnSync(process.execPath, ['-e', `require('fs').utimesSync(${JSON.stringify(path)}, 1, 1)`]);
    const { events, complete, next } = await running;
    // The change can come too late to end it.
    expect({ events, isEnded: complete || next !== undefined }).toEqual({ events: [], isEnded: true });
    expect(await store.status()).toMatchObject({ events: FIXTURE_EVENTS.length + filler.length });
  });
});
