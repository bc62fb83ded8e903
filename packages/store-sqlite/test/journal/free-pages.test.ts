import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FreePages } from '../../src/journal/free-pages';
import { createTestJournal } from '../support/journal';

const KEPT_PAGES = 256;

function openJournal() {
  const { connect, path } = createTestJournal();
  const connection = connect();
  return {
    connection,
    freePages: new FreePages(),
    free: () => Number(connection.prepare('PRAGMA freelist_count').get()?.[0]),
    fileBytes: () => statSync(path).size + statSync(`${path}-wal`).size,
    fill: (pages: number): void =>
      connection.exec(`CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(${pages * 4_096}))`),
    empty: (): void => connection.exec('DROP TABLE t'),
  };
}

describe('FreePages', () => {
  it('returns all but a few pages once they were free at three checks, in small steps', () => {
    const { connection, freePages, free, fill, empty, fileBytes } = openJournal();
    fill(3_000);
    empty();
    const before = free();
    expect(before).toBeGreaterThan(2_900);
    expect([freePages.check(connection), freePages.check(connection)]).toEqual([false, false]);
    expect(freePages.step(connection)).toBe(false);
    expect(free()).toBe(before);
    expect(freePages.check(connection)).toBe(true);
    const counts = [before];
    while (freePages.step(connection)) counts.push(free());
    expect(free()).toBe(KEPT_PAGES);
    expect(counts.every((count, index) => index === 0 || (counts[index - 1] as number) - count === 500)).toBe(
      true,
    );
    expect(fileBytes()).toBeLessThan(2 * 1024 * 1024);
  });

  it('keeps pages that were in use at one of the last checks', () => {
    const { connection, freePages, free, fill, empty } = openJournal();
    for (let round = 0; round < 4; round += 1) {
      fill(1_000);
      expect(freePages.check(connection)).toBe(false);
      empty();
      expect(freePages.check(connection)).toBe(false);
    }
    expect(free()).toBeGreaterThan(900);
  });
});
