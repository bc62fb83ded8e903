import { createGrpcClient } from '@vigilant/grpc';
import { createConnection } from 'mysql2/promise';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { createCertificates } from '../../../scripts/services/certificates.mjs';
import type { CertificateFiles } from '../../../scripts/services/certificates.mjs';
import { describeWithOwnServices } from '../../../scripts/services/in-tests.mjs';
import { startMysql } from '../../../scripts/services/mysql.mjs';
import type { RunningServer } from './server';
import { bundleServer, startServer, temporaryFolder } from './server';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const PASSWORD = 'p@ss:w/rd#?%&\'" ü';

describeWithOwnServices(['mysql'], 'the standalone server with MySQL over TLS', () => {
  const cleanups: (() => void)[] = [];
  let bundle: string;
  let mysql: Awaited<ReturnType<typeof startMysql>>;
  let files: CertificateFiles;
  let passwordFile: string;
  let port: string;

  beforeAll(async () => {
    bundle = await bundleServer();
    const folder = temporaryFolder((clean) => cleanups.push(clean));
    files = createCertificates(folder);
    passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, `${PASSWORD}\n`);
    mysql = await startMysql({
      settings: { 'ssl-ca': files.ca, 'ssl-cert': files.serverCert, 'ssl-key': files.serverKey },
    });
    port = new URL(mysql.address).port;
    const admin = await createConnection({ uri: mysql.address });
    for (const [user, requirement] of [
      ['anyone', 'SSL'],
      ['known', 'X509'],
    ])
      for (const statement of [
        `CREATE USER ${user}@'%' IDENTIFIED BY ? REQUIRE ${requirement}`,
        `GRANT ALL ON *.* TO ${user}@'%'`,
      ])
        await admin.query(statement, [PASSWORD]);
    await admin.end();
  });
  afterAll(async () => {
    await mysql?.dispose();
    rmSync(bundle, { force: true });
    for (const clean of cleanups) clean();
  });

  const start = async (environment: Readonly<Record<string, string>>): Promise<RunningServer> => {
    const server = await startServer(bundle, {
      VIGILANT_DATA: temporaryFolder(onTestFinished),
      VIGILANT_STORE: 'mysql',
      VIGILANT_MYSQL_PASSWORD_FILE: passwordFile,
      ...environment,
    });
    onTestFinished(async () => void (await server.stop('SIGKILL')));
    return server;
  };

  it('stores events as an account that requires a client certificate', async () => {
    const server = await start({
      VIGILANT_MYSQL_URL: `mysql://known@127.0.0.1:${port}/events`,
      VIGILANT_MYSQL_TLS_CA_FILE: files.ca,
      VIGILANT_MYSQL_TLS_CERT_FILE: files.clientCert,
      VIGILANT_MYSQL_TLS_KEY_FILE: files.clientKey,
    });
    const client = createGrpcClient({ address: server.address });
    onTestFinished(async () => void (await client.close()));
    await client.log({ message: 'encrypted' });
    const find = async (): Promise<readonly string[]> =>
      (await client.query('encrypted')).events.map(({ message }) => message);
    await expect.poll(find, { timeout: 60_000 }).toEqual(['encrypted']);
    expect(server.output()).not.toContain(PASSWORD);
    expect(await server.stop()).toBe(0);
  });

  it.each(['required', 'verify-ca'])(
    'connects with VIGILANT_MYSQL_TLS=%s although the certificate has another name',
    async (mode) => {
      const server = await start({
        VIGILANT_MYSQL_URL: `mysql://anyone@localhost:${port}/events`,
        VIGILANT_MYSQL_TLS: mode,
        ...(mode === 'required' ? {} : { VIGILANT_MYSQL_TLS_CA_FILE: files.ca }),
      });
      expect(server.output()).not.toMatch(/^waiting/m);
      expect(await server.stop()).toBe(0);
    },
  );

  it.each([
    ['another name', 'localhost', () => files.ca],
    ['an unknown authority', '127.0.0.1', () => undefined],
  ])('does not connect by default if the certificate has %s', async (_, host, ca) => {
    const server = await start({
      VIGILANT_MYSQL_URL: `mysql://anyone@${host}:${port}/events`,
      VIGILANT_MYSQL_TLS: 'verify-identity',
      ...(ca() === undefined ? {} : { VIGILANT_MYSQL_TLS_CA_FILE: ca() ?? '' }),
    });
    expect(server.output()).toMatch(/^waiting .*certificate.* Check the certificates in tls/m);
    expect(await server.stop()).toBe(0);
  });

  it('ends with an error that names the variable of a damaged file', async () => {
    const damaged = `${files.clientKey}.damaged`;
    writeFileSync(damaged, readFileSync(files.clientKey, 'utf8').slice(0, 200));
    const starting = start({
      VIGILANT_MYSQL_URL: `mysql://known@127.0.0.1:${port}/events`,
      VIGILANT_MYSQL_TLS_CERT_FILE: files.clientCert,
      VIGILANT_MYSQL_TLS_KEY_FILE: damaged,
    });
    await expect(starting).rejects.toThrow(
      'VIGILANT_MYSQL_TLS_KEY_FILE must be the unencrypted private key of VIGILANT_MYSQL_TLS_CERT_FILE (',
    );
  });
});
