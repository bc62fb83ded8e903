import { createVigilant } from '@vigilant/core';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect } from 'vitest';
import { sqlite } from '../../src/index';

/** Opens a folder, waits until every event in the journal is stored, and returns the ids of all rows. */
export async function storedIds(folder: string): Promise<readonly string[]> {
  const vigilant = createVigilant(sqlite(folder));
  await vigilant.open();
  try {
    expect(await vigilant.flush({ timeoutMs: 60_000 })).toMatchObject({ complete: true });
    const ids: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await vigilant.query('', {
        limit: 5_000,
        order: 'arrival',
        ...(cursor === undefined ? {} : { cursor }),
      });
      ids.push(...page.events.map(({ id }) => id));
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
    expect((await vigilant.deadLetters.list()).letters).toEqual([]);
    return ids;
  } finally {
    await vigilant.close();
  }
}

/** Counts the blocks in a folder. */
export function countBlocks(folder: string): number {
  const database = new Database(join(folder, 'events.db'), { readonly: true });
  const count = database.prepare('SELECT count(*) FROM block').pluck().get() as number;
  database.close();
  return count;
}

/** Checks that each accepted event is stored once. */
export function expectEachOnce(stored: readonly string[], accepted: readonly string[]): void {
  const rows = new Set(stored);
  expect(stored.length).toBe(rows.size);
  expect(accepted.filter((id) => !rows.has(id))).toEqual([]);
}
