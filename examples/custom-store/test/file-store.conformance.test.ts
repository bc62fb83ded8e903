import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVigilant } from '@vigilant/core';
import { runStoreConformance } from '@vigilant/conformance';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFileStore } from '../src/file-store';

function createFolder(): { readonly file: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-custom-store-'));
  return {
    file: join(folder, 'events.jsonl'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

runStoreConformance(
  { describe, it },
  {
    name: 'file store',
    create: async () => {
      const { file, remove } = createFolder();
      return { store: createFileStore(file), another: () => createFileStore(file), dispose: remove };
    },
  },
);

describe('createFileStore', () => {
  it('keeps the events before a line that a crash left incomplete', async () => {
    const { file, remove } = createFolder();
    onTestFinished(remove);
    const first = createVigilant({ store: createFileStore(file) });
    await first.log({ message: 'whole' });
    await first.close();
    appendFileSync(file, '["{\\"v\\":1,');

    const second = createVigilant({ store: createFileStore(file) });
    await second.log({ message: 'later' });
    expect((await second.query('', { order: 'arrival' })).events.map(({ message }) => message)).toEqual([
      'whole',
      'later',
    ]);
    await second.close();
  });

  it('rejects and keeps a file that is not its own', async () => {
    const { file, remove } = createFolder();
    onTestFinished(remove);
    writeFileSync(file, 'notes');
    const vigilant = createVigilant({ store: createFileStore(file) });
    await expect(vigilant.open()).rejects.toMatchObject({ code: 'VIGILANT_SCHEMA_UNSUPPORTED' });
    expect(readFileSync(file, 'utf8')).toBe('notes');
    await vigilant.close();
  });
});
