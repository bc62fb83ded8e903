import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { createTestContext } from '@vigilant/conformance';
import { createVigilant } from '@vigilant/core';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../../../scripts/lib/bundle.mjs';
import { createSqliteBroker, createSqliteStore, sqlite } from '../src/index';
import type { Folder } from './support/folder';
import { createFolder } from './support/folder';

/** The user and group `nobody` of Linux. */
const NOBODY = 65534;

let program: string;

beforeAll(async () => {
  program = await bundleProgram('packages/store-sqlite/test/programs/open-once.ts');
});

/** Creates a folder that other users can enter. */
function sharedFolder(): Folder {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  chmodSync(folder.path, 0o755);
  return folder;
}

/** Creates a folder with the files of a closed engine. */
async function filledFolder(mode: number, fileMode: number): Promise<string> {
  const folder = sharedFolder().file('data');
  const vigilant = createVigilant(sqlite(folder));
  await vigilant.log({ message: 'an event' });
  await vigilant.close();
  for (const name of ['events.db', 'journal.db']) chmodSync(`${folder}/${name}`, fileMode);
  chmodSync(folder, mode);
  return folder;
}

/** Opens a folder as the user nobody. */
function openAsNobody(folder: string, ...args: readonly string[]): unknown {
  const code = `
    process.chdir('/');
    process.setgid(${NOBODY});
    process.setuid(${NOBODY});
    process.argv = [process.argv[0], 'x', ...${JSON.stringify([folder, ...args])}];
    await import(${JSON.stringify(program)});`;
  const command = ['--input-type=module', '-e', code];
  return JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8', timeout: 30_000 }));
}

describe.skipIf(process.getuid?.() !== 0)('sqlite() as a user without rights', () => {
  it('names the folder that it cannot create a file in', () => {
    const folder = sharedFolder().file('data');
    expect(openAsNobody(folder)).toMatchObject({
      code: 'VIGILANT_STORE_UNAVAILABLE',
      message:
        `${folder}/events.db cannot be created (EACCES: permission denied, mkdir '${folder}'). Allow this user (uid ${NOBODY}) ` +
        'to read and write it, such as with chown or chmod, or choose another folder.',
    });
  });

  it('names the file of another user that it cannot write', async () => {
    const folder = await filledFolder(0o777, 0o644);
    expect(openAsNobody(folder)).toMatchObject({
      code: 'VIGILANT_STORE_UNAVAILABLE',
      message: expect.stringMatching(
        /^\S+\/events\.db cannot be opened: \S+\/events\.db cannot be read and written \(EACCES: .*\)\. Allow this user \(uid 65534\) to read and write it, .* use readOnly: true\.$/,
      ),
    });
  });

  it('names the folder that it cannot write', async () => {
    const folder = await filledFolder(0o555, 0o666);
    expect(openAsNobody(folder)).toMatchObject({
      code: 'VIGILANT_STORE_UNAVAILABLE',
      message: expect.stringContaining(`the folder ${folder} cannot be written (EACCES`),
    });
  });

  it.each([
    ['a file', 0o755, 0o600, 'access'],
    ['a folder', 0o700, 0o644, 'stat'],
  ])('names %s that a read-only store cannot read', async (_, mode, fileMode, call) => {
    const folder = await filledFolder(mode, fileMode);
    expect(openAsNobody(folder, 'readOnly')).toMatchObject({
      code: 'VIGILANT_STORE_UNAVAILABLE',
      message:
        `${folder}/events.db cannot be read (EACCES: permission denied, ${call} '${folder}/events.db'). ` +
        `Allow this user (uid ${NOBODY}) to read it, such as with chown or chmod, or choose another folder.`,
    });
  });
});

describe.skipIf(process.platform === 'win32')('the length of a path', () => {
  /** Returns a path of some bytes in nested folders. */
  function pathOf(bytes: number): string {
    let path = sharedFolder().path;
    while (Buffer.byteLength(path) < bytes - 102) path += `/${'é'.repeat(50)}`;
    mkdirSync(path, { recursive: true });
    return `${path}/${'x'.repeat(bytes - Buffer.byteLength(path) - 1)}`;
  }

  it('may be 480 bytes', async () => {
    const broker = createSqliteBroker(pathOf(480));
    await broker.open(createTestContext());
    await broker.close();
  });

  it.each([
    ['VIGILANT_BROKER_UNAVAILABLE', createSqliteBroker],
    ['VIGILANT_STORE_UNAVAILABLE', createSqliteStore],
  ])('rejects with %s and the limit beyond', async (code, create) => {
    await expect(create(pathOf(481)).open(createTestContext())).rejects.toMatchObject({
      code,
      retryable: false,
      message: expect.stringMatching(
        / has 481 bytes\. SQLite opens paths of up to 512 bytes.* at most 480 bytes\.$/s,
      ),
    });
  });

  it('names a component that the file system does not accept', async () => {
    const path = `${sharedFolder().path}/${'x'.repeat(300)}`;
    await expect(createSqliteStore(path).open(createTestContext())).rejects.toMatchObject({
      code: 'VIGILANT_STORE_UNAVAILABLE',
      message: expect.stringMatching(/\(ENAMETOOLONG: .*\)\. Choose a shorter path\.$/),
    });
  });
});
