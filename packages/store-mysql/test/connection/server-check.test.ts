import { describe, expect, it } from 'vitest';
import { checkServer, readServer } from '../../src/connection/server-check';
import { serverSettings } from '../../src/connection/session-settings';

/** Reads a server with the given version from a session that returns the usual settings. */
const serverOf = (version: string, comment = '') =>
  readServer(async () => [[version, comment, '67108864', '28800', '1']]);

describe('readServer', () => {
  it.each([
    ['8.0.36', 'MySQL Community Server - GPL', 'MySQL'],
    ['8.0.35-27.1', 'Percona XtraDB Cluster (GPL), Release rel27', 'MySQL'],
    ['10.11.6-MariaDB-log', '', 'MariaDB'],
    ['5.5.5-10.6.1-MariaDB', '', 'MariaDB'],
    ['8.0.11-TiDB-v8.5.0', 'TiDB Server (Apache License 2.0)', 'TiDB'],
    ['5.7.25-TiDB-v7.1.0-serverless', '', 'TiDB'],
  ])('recognizes %s (%s)', async (version, comment, product) => {
    expect(await serverOf(version, comment)).toMatchObject({ product, version });
  });
});

describe('checkServer', () => {
  it.each([
    '8.0.11',
    '9.7.4',
    '10.5.0-MariaDB',
    '5.5.5-11.4.5-MariaDB-log',
    '8.0.11-TiDB-v8.4.0',
    '5.7.25-TiDB-v8.5.3',
  ])('accepts %s', async (version) => {
    const server = await serverOf(version);
    expect(() => checkServer(server)).not.toThrow();
  });

  it.each([
    ['5.7.44', 'Use MySQL 8.0.11 or newer'],
    ['5.5.5-10.4.9-MariaDB', 'Use MariaDB 10.5.0 or newer'],
    ['8.0.11-TiDB-v7.5.1', 'Use TiDB 8.4.0 or newer'],
    ['8.0.11-TiDB-None', 'Use TiDB 8.4.0 or newer'],
  ])('rejects %s with the oldest supported version', async (version, remedy) => {
    const server = await serverOf(version);
    expect(() => checkServer(server)).toThrow(remedy);
  });
});

describe('serverSettings', () => {
  it('selects pessimistic transactions on TiDB', async () => {
    expect(serverSettings(await serverOf('8.0.11-TiDB-v8.5.0'), 0)).toContain(
      "tidb_txn_mode = 'pessimistic'",
    );
    expect(serverSettings(await serverOf('8.0.36'), 0)).not.toContain('tidb');
  });
});
