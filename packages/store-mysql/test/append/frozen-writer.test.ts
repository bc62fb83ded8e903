import { createTestContext } from '@vigilant/conformance';
import type { Store } from '@vigilant/core';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../../scripts/lib/bundle.mjs';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { createMysqlStore } from '../../src/index';
import type { TestDatabase } from '../support/databases';
import { SERVICES, nameDatabase } from '../support/databases';
import { makeEvents, readAll } from '../support/events';
import type { Proxy } from '../support/proxy';
import { startProxy } from '../support/proxy';

const MIB = 1024 * 1024;

let program: string;
beforeAll(async () => {
  program = await bundleProgram('packages/store-mysql/test/programs/append-batches.ts');
});

for (const service of SERVICES)
  describeWithService(service, `append on ${service} while another process is frozen`, (address) => {
    let database: TestDatabase;
    let store: Store;

    const open = async (url: string): Promise<Store> => {
      const opened = createMysqlStore({ url });
      await opened.open(createTestContext());
      return opened;
    };
    beforeEach(async () => {
      database = nameDatabase(address);
      store = await open(database.url);
      await store.append(makeEvents(1));
    });
    afterEach(async () => {
      await store.close();
      await database.drop();
    });

    const appendOne = async (): Promise<void> => {
      expect(await store.append(makeEvents(1))).toMatchObject({ inserted: 1 });
    };

    const isStored = (events: number): string =>
      `SELECT 1 FROM \`${database.name}\`.vigilant_store WHERE events = ${events}`;
    const isLocked = (): string =>
      service === 'tidb'
        ? `SELECT 1 FROM information_schema.tidb_trx WHERE db = '${database.name}' AND mem_buffer_keys > 0`
        : `SELECT 1 FROM information_schema.innodb_trx JOIN information_schema.processlist ON id = trx_mysql_thread_id
          WHERE db = '${database.name}' AND trx_rows_locked > 0`;
    const until = async (condition: string): Promise<void> => {
      while ((await database.ask(condition)).length === 0) await wait(20);
    };

    /** Lets another process append and freeze, waits for a condition on the server, and then appends. */
    const appendBesideFrozen = async (
      other: { readonly texts: number; readonly bytes: number },
      freeze: Parameters<Proxy['freeze']>,
      condition: string,
    ): Promise<void> => {
      const proxy = await startProxy(database.url);
      const context = createTestContext();
      const frozen = createMysqlStore({ url: proxy.url });
      await frozen.open(context);
      await frozen.append(makeEvents(1));
      const isFrozen = proxy.freeze(...freeze);
      const batch = makeEvents(other.texts, { data: { text: 'x'.repeat(other.bytes) } });
      const appending = frozen.append(batch).catch((error: { code: string }) => error.code);
      try {
        await isFrozen;
        await until(condition);
        await appendOne();
      } finally {
        context.abort();
        await Promise.all([frozen.close(), proxy.close()]);
        await appending;
      }
    };

    it('succeeds if the other process froze after it sent a small batch', () =>
      appendBesideFrozen({ texts: 10, bytes: 100 }, [2_000, 'answer'], isStored(12)));

    it('succeeds if the other process froze between two requests of a large batch', () =>
      appendBesideFrozen({ texts: 60, bytes: 200_000 }, [2 * MIB, 'answer'], isLocked()));

    it('succeeds if the other process froze in the middle of a request of a large batch', () =>
      appendBesideFrozen({ texts: 60, bytes: 200_000 }, [6 * MIB, 'request'], isLocked()));

    it('succeeds while the other process is stopped by SIGSTOP, and that process later continues without an error', async () => {
      const child = spawn(process.execPath, [program, database.url, '60', '200000'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      const lines: string[] = [];
      createInterface(child.stdout).on('line', (line) => lines.push(line));
      const untilStored = async (count: number): Promise<void> => {
        while (lines.length <= count && child.exitCode === null) await wait(20);
      };
      await untilStored(1);
      for (const pauseMs of [30, 110, 190]) {
        const stored = lines.length;
        await wait(pauseMs);
        child.kill('SIGSTOP');
        await appendOne();
        child.kill('SIGCONT');
        await untilStored(stored + 1);
      }
      child.kill('SIGKILL');
      await once(child, 'close');
      expect(lines.filter((line) => line.startsWith('error'))).toEqual([]);
      const ids = (await readAll(store)).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(new Set(ids)).toEqual(new Set([...ids, ...lines.slice(1).flatMap((line) => line.split(' '))]));
    });
  });
