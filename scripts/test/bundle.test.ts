import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../lib/setup.mjs';
import { describeWithService } from '../services/in-tests.mjs';
import type { Format } from './support/bundlers';
import { BUNDLERS, fileName } from './support/bundlers';
import { copyDriver, copyPackages, linkDependencies } from './support/copied-packages';

const PACKAGES = ['core', 'store-sqlite', 'store-mysql', 'kafka', 'grpc', 'http', 'console'];
const APP = join(ROOT, 'scripts', 'test', 'support', 'bundled-app.mjs');

const CASES = Object.entries(BUNDLERS).flatMap(([name, bundle]) =>
  (['esm', 'cjs'] as const).map((format) => ({ name, format, bundle })),
);

/** The folder of the bundles and of the driver, without the packages. */
let folder: string;
const warnings = new Map<string, readonly string[]>();

const folderOf = (name: string, format: Format): string => join(folder, `${name}-${format}`);

/** Bundles the app with each bundler from copies of the packages, then deletes the copies. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigilant-bundle-'));
  const sources = mkdtempSync(join(tmpdir(), 'vigilant-sources-'));
  try {
    copyPackages(join(sources, 'node_modules'), PACKAGES);
    linkDependencies(join(sources, 'node_modules'));
    cpSync(APP, join(sources, 'app.mjs'));
    for (const { name, format, bundle } of CASES) {
      mkdirSync(folderOf(name, format));
      const reported = await bundle(join(sources, 'app.mjs'), folderOf(name, format), format);
      warnings.set(`${name} ${format}`, reported);
    }
  } finally {
    rmSync(sources, { recursive: true, force: true });
  }
  copyDriver(join(folder, 'node_modules'));
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a bundle in a new folder. Resolves to what it printed. */
async function run(name: string, format: Format, env: Readonly<Record<string, string>>): Promise<unknown> {
  const cwd = mkdtempSync(join(tmpdir(), 'vigilant-run-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const file = join(folderOf(name, format), fileName(format));
  const options = { cwd, env: { PATH: process.env['PATH'], ...env }, timeout: 60_000 };
  const { stdout } = await promisify(execFile)(process.execPath, [file], options);
  return JSON.parse(stdout);
}

const EXPECTED = {
  events: [['from one file', { big: '1152921504606846976' }]],
  script: [200, true],
};

describe.each(CASES)('an app bundled by $name as $format', ({ name, format }) => {
  it('serves gRPC and the console, and finds the driver', async () => {
    expect(await run(name, format, {})).toEqual(EXPECTED);
  });

  it('accepts the driver that it imports', async () => {
    expect(await run(name, format, { APP_DRIVER: '1' })).toEqual(EXPECTED);
  });

  it('is bundled without a warning about the packages', () => {
    const ours = warnings.get(`${name} ${format}`)?.filter((text) => text.includes('@vigilant'));
    expect(ours).toEqual([]);
  });
});

describeWithService('kafka', 'an app bundled with Kafka', (kafka) => {
  describeWithService('mysql', 'and MySQL', (mysql) => {
    it.each(CASES.filter((each) => each.format === 'esm'))(
      'logs through them ($name)',
      async ({ name, format }) => {
        const id = `test_${randomUUID().replaceAll('-', '')}`;
        const env = { APP_KAFKA: kafka, APP_MYSQL: `${mysql}/${id}`, APP_NAME: id };
        expect(await run(name, format, env)).toEqual([1, 1]);
      },
    );
  });
});
