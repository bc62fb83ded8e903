import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestContext } from '@vigilant/conformance';
import type { Store } from '@vigilant/core';
import { onTestFinished, vi } from 'vitest';
import { createSqliteStore } from '../../src/index';
import { createFolder } from './folder';

export const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));

/** Creates a folder with a closed database, and another folder for copies. */
export function setUp({ version = 'v3' } = {}) {
  const [folder, copies] = [createFolder(), createFolder()];
  onTestFinished(() => {
    folder.remove();
    copies.remove();
    vi.unstubAllEnvs();
  });
  cpSync(join(FIXTURES, version, 'events.db'), folder.file('events.db'));
  vi.stubEnv('TMPDIR', copies.path);
  return { folder, path: folder.file('events.db'), copies: copies.path };
}

/** Opens a read-only store until the test has finished. */
export async function openReadOnly(path: string): Promise<Store> {
  const store = createSqliteStore(path, { readOnly: true });
  onTestFinished(() => store.close());
  await store.open(createTestContext());
  return store;
}
