import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createTestContext } from '@vigilant/conformance';
import type { Store } from '@vigilant/core';
import { createCertificates } from '../../../../scripts/services/certificates.mjs';
import type { CertificateFiles } from '../../../../scripts/services/certificates.mjs';
import { describeWithOwnServices } from '../../../../scripts/services/in-tests.mjs';
import { startMariadb, startMysql } from '../../../../scripts/services/mysql.mjs';
import { createMysqlStore } from '../../src/index';
import type { MysqlStoreOptions } from '../../src/index';
import { nameDatabase } from '../support/databases';
import { makeEvent, makeEvents, readAll } from '../support/events';

const MIB = 1024 * 1024;

const STARTS = { mariadb: startMariadb, mysql: startMysql } as const;

for (const service of ['mariadb', 'mysql'] as const)
  describeWithOwnServices([service], `MysqlStore on ${service} with unusual settings`, () => {
    let server: Awaited<ReturnType<typeof startMariadb>>;
    let folder: string;
    let files: CertificateFiles;
    let stores: Store[] = [];

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'vigilant-tls-'));
      files = createCertificates(folder);
      server = await STARTS[service]({
        settings: {
          'max-allowed-packet': String(MIB),
          'default-time-zone': '+05:00',
          'character-set-server': 'latin1',
          'collation-server': 'latin1_swedish_ci',
          'sql-mode': 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES',
          'innodb-flush-log-at-trx-commit': '2',
          'log-bin': 'log',
          'ssl-cert': files.serverCert,
          'ssl-key': files.serverKey,
        },
        env: { TZ: 'Asia/Kolkata' },
      });
    });
    afterEach(async () => {
      await Promise.all(stores.map((store) => store.close()));
      stores = [];
    });
    afterAll(async () => {
      await server?.dispose();
      rmSync(folder, { recursive: true, force: true });
    });

    const ask = (sql: string) => nameDatabase(server.address).ask(sql);

    const open = async (options: MysqlStoreOptions = {}, context = createTestContext()): Promise<Store> => {
      const store = createMysqlStore({ url: nameDatabase(server.address).url, ...options });
      stores.push(store);
      await store.open(context);
      return store;
    };

    it('stores a batch that exceeds the packet limit many times, and rejects an event that exceeds it alone', async () => {
      const store = await open();
      const batch = makeEvents(60, { data: { text: "'\\".repeat(110_000) } });
      expect(await store.append(batch)).toMatchObject({ inserted: 60 });
      const huge = makeEvent({ data: { text: 'x'.repeat(2 * MIB) } });
      await expect(store.append([makeEvent(), huge])).rejects.toMatchObject({
        code: 'VIGILANT_EVENT_REJECTED',
        message: expect.stringContaining('max_allowed_packet') as string,
      });
      expect(await store.append([makeEvent()])).toMatchObject({ inserted: 1 });
      expect((await store.status()).events).toBe(61);
      expect((await store.get(batch[59]?.id ?? ''))?.data).toEqual(batch[59]?.data);
      const blob = new Uint8Array(3 * MIB).fill(7);
      await store.documents?.put('dead-letter', 'a', { value: {}, blob }, { revision: null });
      expect((await store.documents?.get('dead-letter', 'a'))?.blob).toHaveLength(3 * MIB);
    });

    it('keeps times and text unchanged for any time zone, charset and sql_mode of the server', async () => {
      const store = await open();
      const gap = Date.parse('2024-03-31T02:30:00.123Z');
      const event = makeEvent({ timestamp: gap, message: "😀 ' \\' \" \0 \n Ā", source: '\\' });
      await store.append([event]);
      expect(await store.get(event.id)).toMatchObject({
        timestamp: gap,
        message: event.message,
        source: '\\',
      });
    });

    it.each([
      ['sql_select_limit', '2'],
      ['sql_safe_updates', '1'],
      ['max_join_size', '1'],
      ['completion_type', "'RELEASE'"],
      ['completion_type', "'CHAIN'"],
      [service === 'mariadb' ? 'tx_read_only' : 'transaction_read_only', '1'],
      [service === 'mariadb' ? 'max_statement_time' : 'max_execution_time', '1'],
    ])('stores and reads everything if the default of %s is %s', async (variable, value) => {
      await ask(`SET GLOBAL ${variable} = ${value}`);
      try {
        const { url } = nameDatabase(server.address);
        const store = await open({ url });
        const batch = makeEvents(20);
        expect(await store.append(batch)).toMatchObject({ inserted: 20 });
        expect(await store.append(batch)).toMatchObject({ inserted: 0, duplicates: 20 });
        const blob = new Uint8Array(600_000);
        await store.documents?.put('view', 'a', { value: {}, blob }, { revision: null });
        expect((await store.documents?.get('view', 'a'))?.blob).toHaveLength(600_000);
        const other = await open({ url });
        expect(await readAll(other)).toHaveLength(20);
        expect(await store.prune?.({ maxEvents: 5 })).toEqual({ deleted: 15, complete: true });
      } finally {
        await ask(`SET GLOBAL ${variable} = DEFAULT`);
      }
    });

    it('sends no statement that Percona XtraDB Cluster in strict mode rejects', async () => {
      await ask("SET GLOBAL log_output = 'TABLE'");
      await ask('SET GLOBAL general_log = 1');
      const { url, name } = nameDatabase(server.address);
      const store = await open({ url });
      await store.append(makeEvents(3));
      await ask('SET GLOBAL general_log = 0');
      const rejected = 'GET_LOCK|RELEASE_LOCK|LOCK TABLES|FLUSH TABLES|CREATE TABLE[^(]* SELECT|SERIALIZABLE';
      const logged = (condition: string) =>
        ask(`SELECT CONVERT(argument USING utf8mb4) AS sent FROM mysql.general_log WHERE ${condition}`);
      expect(await logged("argument LIKE '%INSERT INTO `vigilant_event`%'")).not.toEqual([]);
      expect(await logged(`argument REGEXP '${rejected}' AND argument NOT LIKE '%general_log%'`)).toEqual([]);
      const unsuitable = await ask(
        `SELECT t.table_name FROM information_schema.tables t LEFT JOIN information_schema.table_constraints c
        ON c.table_schema = t.table_schema AND c.table_name = t.table_name AND c.constraint_type = 'PRIMARY KEY'
        WHERE t.table_schema = '${name}' AND t.table_type = 'BASE TABLE' AND (t.engine <> 'InnoDB' OR c.constraint_name IS NULL)`,
      );
      expect(unsuitable).toEqual([]);
    });

    it('reports commits that are not durable', async () => {
      const context = createTestContext();
      await open({}, context);
      expect(context.reported).toContainEqual(
        expect.objectContaining({
          code: 'commits-not-durable',
          details: { setting: 'innodb_flush_log_at_trx_commit', value: 2, remedy: 1 },
        }),
      );
    });

    it('replaces connections that the server has closed because they were idle', async () => {
      await ask('SET GLOBAL wait_timeout = 5');
      try {
        const database = nameDatabase(server.address);
        const context = createTestContext();
        const store = await open({ url: database.url }, context);
        await store.append(makeEvents(10));
        const connections = `SELECT id FROM information_schema.processlist WHERE db = '${database.name}'`;
        while ((await ask(connections)).length > 0) await wait(100);
        expect(await store.append(makeEvents(10))).toMatchObject({ inserted: 10 });
        expect(await store.status()).toMatchObject({ events: 20, state: 'ready' });
        expect(context.reported.filter(({ level }) => level === 'error')).toEqual([]);
      } finally {
        await ask('SET GLOBAL wait_timeout = 28800');
      }
    });

    it('connects with TLS only to a server whose certificate it trusts', async () => {
      const ca = readFileSync(files.ca, 'utf8');
      const store = await open({ tls: { ca } });
      expect(await store.append([makeEvent()])).toMatchObject({ inserted: 1 });
      const secure = new URL(nameDatabase(server.address).url);
      secure.username = 'secure';
      await ask("CREATE USER 'secure'@'%' REQUIRE SSL");
      await ask("GRANT ALL ON *.* TO 'secure'@'%'");
      await expect(open({ url: secure.href })).rejects.toMatchObject({ code: 'VIGILANT_STORE_UNAVAILABLE' });
      await open({ url: secure.href, tls: { ca } });
      const elsewhere = new URL(server.address);
      elsewhere.hostname = 'localhost';
      await expect(open({ url: elsewhere.href, tls: { ca } })).rejects.toThrow(/certificate/);
      await expect(open({ tls: true })).rejects.toMatchObject({ code: 'VIGILANT_STORE_UNAVAILABLE' });
      await open({ tls: { rejectUnauthorized: false } });
    });

    it('rejects a read-only server and a packet limit that is too small, with the remedy', async () => {
      const database = nameDatabase(server.address);
      await open({ url: database.url });
      const account = new URL(database.url);
      account.username = 'writer';
      account.password = 'secret';
      await ask("CREATE USER 'writer'@'%' IDENTIFIED BY 'secret'");
      await ask(`GRANT ALL ON \`${database.name}\`.* TO 'writer'@'%'`);
      await ask('SET GLOBAL read_only = 1');
      await expect(open({ url: account.href, tls: { rejectUnauthorized: false } })).rejects.toThrow(
        /read-only/,
      );
      await ask('SET GLOBAL read_only = 0');
      await ask('SET GLOBAL max_allowed_packet = 524288');
      await expect(open()).rejects.toThrow(/Set max_allowed_packet/);
      await ask(`SET GLOBAL max_allowed_packet = ${MIB}`);
    });

    it('rejects a server with statement-based replication before it creates a table, with the remedy', async () => {
      const { url, name } = nameDatabase(server.address);
      await ask("SET GLOBAL binlog_format = 'STATEMENT'");
      try {
        await expect(open({ url })).rejects.toMatchObject({
          code: 'VIGILANT_STORE_UNAVAILABLE',
          message: expect.stringContaining('Set binlog_format to ROW or MIXED') as string,
          retryable: false,
        });
        expect(await ask(`SHOW TABLES IN \`${name}\``)).toEqual([]);
        await ask("SET GLOBAL binlog_format = 'MIXED'");
        const store = await open({ url });
        expect(await store.append(makeEvents(3))).toMatchObject({ inserted: 3 });
      } finally {
        await ask("SET GLOBAL binlog_format = 'ROW'");
      }
    });

    it('reports a fault of the server, not of an event, when the packet limit becomes too small', async () => {
      const database = nameDatabase(server.address);
      const store = await open({ url: database.url });
      const reconnect = async (bytes: number): Promise<void> => {
        await ask(`SET GLOBAL max_allowed_packet = ${bytes}`);
        const rows = await database.ask(
          `SELECT id AS id FROM information_schema.processlist WHERE db = '${database.name}'`,
        );
        for (const { id } of rows) await database.ask(`KILL ${Number(id)}`).catch(() => {});
      };
      await store.append(makeEvents(1));
      await reconnect(524_288);
      await expect(store.append(makeEvents(20))).rejects.toMatchObject({
        code: 'VIGILANT_STORE_UNAVAILABLE',
        message: expect.stringMatching(/Set max_allowed_packet/) as string,
      });
      await reconnect(MIB);
      expect(await store.append(makeEvents(20))).toMatchObject({ inserted: 20 });
    });

    it('is degraded after a failed append while the server is down, and ready after the next append', async () => {
      const store = await open();
      await store.append(makeEvents(5));
      await server.kill();
      const batch = makeEvents(5);
      await expect(store.append(batch)).rejects.toMatchObject({
        code: 'VIGILANT_STORE_UNAVAILABLE',
        retryable: true,
      });
      await server.start();
      expect((await store.status()).state).toBe('degraded');
      expect(await store.append(batch)).toMatchObject({ inserted: 5 });
      expect(await store.status()).toMatchObject({ state: 'ready', events: 10 });
    });
  });
