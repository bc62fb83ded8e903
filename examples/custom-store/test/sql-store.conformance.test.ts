import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStoreConformance } from '@vigilant/conformance';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createSqlStore } from '../src/sql-store/sql-store';

runStoreConformance(
  { describe, it },
  {
    name: 'SQL store',
    create: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'vigilant-sql-store-'));
      const path = join(folder, 'events.db');
      const lock = new Database(path);
      return {
        store: createSqlStore(path),
        another: () => createSqlStore(path),
        faults: {
          fail: () => void lock.exec('BEGIN EXCLUSIVE'),
          restore: () => void lock.exec('ROLLBACK'),
        },
        dispose() {
          lock.close();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
  },
);

describe('docs/writing-a-sql-store.md', () => {
  const folder = new URL('../src/sql-store/', import.meta.url);
  it.each(readdirSync(folder))('contains %s', (name) => {
    const page = readFileSync(new URL('../../../docs/writing-a-sql-store.md', import.meta.url), 'utf8');
    const source = readFileSync(new URL(name, folder), 'utf8');
    expect(page).toContain(`### ${name}\n\n\`\`\`ts\n${source}\`\`\`\n`);
  });
});
