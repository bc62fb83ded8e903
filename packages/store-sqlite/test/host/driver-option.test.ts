import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createTestContext } from '@vigilant/conformance';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SqliteDriver } from '../../src/index';
import { createSqliteBroker, createSqliteStore, sqlite } from '../../src/index';
import type { Folder } from '../support/folder';
import { createFolder } from '../support/folder';

const PACKAGE = dirname(createRequire(import.meta.url).resolve('better-sqlite3/package.json'));
const BINARY = join(PACKAGE, 'build', 'Release', 'better_sqlite3.node');

function temporaryFolder(): Folder {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return folder;
}

/** Writes a library in CommonJS; returns its path. */
function writeLibrary(code: string): string {
  const file = temporaryFolder().file('library.cjs');
  writeFileSync(file, code);
  return file;
}

/** Writes a library that fails with an error when it is used. */
function failingLibrary(message: string, code: string): string {
  const error = `Object.assign(new Error(${JSON.stringify(message)}), { code: ${JSON.stringify(code)} })`;
  return writeLibrary(`module.exports = function () { throw ${error}; };`);
}

async function open(driver: SqliteDriver): Promise<void> {
  const store = createSqliteStore(temporaryFolder().file('events.db'), { driver });
  try {
    await store.open(createTestContext());
    expect(await store.status()).toMatchObject({ state: 'ready' });
  } finally {
    await store.close();
  }
}

describe('createSqliteStore() with a driver', () => {
  it.each<[string, SqliteDriver]>([
    ['the path of the package', PACKAGE],
    ['a relative path', `./${relative(process.cwd(), PACKAGE)}`],
    ['the path of the entry file', join(PACKAGE, 'lib', 'index.js')],
    ['a file URL', pathToFileURL(PACKAGE)],
    ['the text of a file URL', pathToFileURL(PACKAGE).href],
    ['the name of a package', 'better-sqlite3'],
    ['the path of the native binary', BINARY],
    ['the class', Database],
  ])('accepts %s', async (_, driver) => {
    await open(driver);
  });

  it('loads the driver from the given place', async () => {
    const library = writeLibrary(`module.exports = require(${JSON.stringify(PACKAGE)}).bind(); used();`);
    await expect(open(library)).rejects.toMatchObject({
      message: expect.stringContaining('used is not defined'),
    });
  });

  it.each([
    [
      'compiled for another version of Node.js',
      'The module was compiled against a different\nNode.js version',
      'ERR_DLOPEN_FAILED',
    ],
    ['without a binary', 'Could not locate the bindings file. Tried:\n → /a\n → /b', 'MODULE_NOT_FOUND'],
  ])('rejects a driver %s with the reason and the command to run', async (_, reason, code) => {
    const library = failingLibrary(reason, code);
    const [shown = ''] = reason.replace('\n', ' ').split(' Tried:');
    await expect(open(library)).rejects.toMatchObject({
      code: 'VIGILANT_DRIVER_MISSING',
      retryable: false,
      message:
        `better-sqlite3 cannot be loaded from ${library} (${shown}). Run \`npm rebuild better-sqlite3\` with the Node.js ` +
        `that runs this program (${process.version}, ${process.platform}-${process.arch}). ` +
        'Or use the memory adapters of @vigilant/core, or another store and broker.',
      cause: expect.objectContaining({ message: reason, code }),
    });
  });

  it('rejects a path that does not exist with the places searched', async () => {
    const path = temporaryFolder().file('nothing');
    await expect(open(path)).rejects.toMatchObject({
      code: 'VIGILANT_DRIVER_MISSING',
      message: expect.stringMatching(/nothing was not found from file:.*library\.ts or .*package\.json/),
    });
  });

  it('rejects a binary that does not exist', async () => {
    await expect(open('./nothing.node')).rejects.toMatchObject({
      code: 'VIGILANT_DRIVER_MISSING',
      message: expect.stringContaining(`${join(process.cwd(), 'nothing.node')} does not exist`),
    });
  });

  it('rejects a class that no loaded file exports', async () => {
    await expect(open(class {})).rejects.toMatchObject({
      code: 'VIGILANT_DRIVER_MISSING',
      message: expect.stringContaining('Exclude better-sqlite3 from the bundle, or pass the path'),
    });
  });

  it.each([
    5,
    '',
    null,
    {},
    'a\0b',
    new URL('https://example.org/'),
    'file://host/better-sqlite3',
    'file:///a%2Fb',
    'file:///a%00b',
    new URL('file:///a%zz'),
  ])('rejects the option %s', (driver) => {
    const create = (): unknown => createSqliteStore('x.db', { driver: driver as string });
    expect(create).toThrow(
      expect.objectContaining({
        code: 'VIGILANT_OPTIONS_INVALID',
        message: expect.stringMatching(
          /^driver must be a path, a file: URL, a package name or the class of better-sqlite3, not/,
        ),
      }),
    );
  });
});

describe('the option driver', () => {
  const broken = (): string => failingLibrary('broken', 'BROKEN');
  const missing = { code: 'VIGILANT_DRIVER_MISSING' };

  it('is used by createSqliteBroker()', async () => {
    const broker = createSqliteBroker(temporaryFolder().file('journal.db'), { driver: broken() });
    await expect(broker.open(createTestContext())).rejects.toMatchObject(missing);
    await broker.close();
  });

  it('is used by the broker and the store of sqlite()', async () => {
    const { broker, store } = sqlite(temporaryFolder().path, { driver: broken() });
    await expect(broker.open(createTestContext())).rejects.toMatchObject(missing);
    await expect(store.open(createTestContext())).rejects.toMatchObject(missing);
  });

  it('is used by a read-only store', async () => {
    const folder = temporaryFolder();
    mkdirSync(folder.file('data'));
    new Database(folder.file('data/events.db')).close();
    const { store } = sqlite(folder.file('data'), { readOnly: true, driver: broken() });
    await expect(store.open(createTestContext())).rejects.toMatchObject(missing);
  });

  it('of the broker precedes that of sqlite()', async () => {
    const { broker, store } = sqlite(temporaryFolder().path, {
      driver: Database,
      broker: { driver: broken() },
    });
    await expect(broker.open(createTestContext())).rejects.toMatchObject(missing);
    await store.open(createTestContext());
    await store.close();
  });
});
