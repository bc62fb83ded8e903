import { rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { STORE_KIND } from '../../src/store/store-schema';
import { ReservedSpace } from '../../src/sqlite/reserved-space';
import { fillDisk, mountDisk } from '../support/disk';
import { createFolder } from '../support/folder';

const KIB = 1024;
const MIB = 1024 * KIB;
/** Twice the write-ahead log at a checkpoint. */
const MAX_BYTES = 2 * STORE_KIND.checkpointPages * 4 * KIB;

describe('ReservedSpace', () => {
  let database: string;
  let space: ReservedSpace;
  beforeEach(() => {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    use(folder.path);
  });

  const use = (folder: string): void => {
    database = join(folder, 'events.db');
    space = new ReservedSpace(database, STORE_KIND);
  };
  const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const reserved = (): number => sizeOf(`${database}-ballast`);
  const write = (bytes: number, suffix = ''): void => {
    writeFileSync(database + suffix, '');
    truncateSync(database + suffix, bytes);
  };

  it('reserves little for a small database', () => {
    write(4 * KIB);
    write(100 * KIB, '-wal');
    expect(space.reserve()).toBe(true);
    expect(reserved()).toBe(208 * KIB);
  });

  it('reserves as much as the database contains, up to its maximum', () => {
    for (const bytes of [1 * MIB, 3 * MIB, 8 * MIB, 15 * MIB, 40 * MIB]) {
      write(bytes);
      expect(space.reserve()).toBe(true);
      expect(reserved()).toBeGreaterThanOrEqual(Math.min(bytes, MAX_BYTES));
      expect(reserved()).toBeLessThanOrEqual(MAX_BYTES);
    }
  });

  it('grows before data is written that exceeds it, and seldom', () => {
    const sizes = new Set<number>();
    for (let bytes = 0; bytes < 20 * MIB; bytes += 50 * KIB) {
      expect(space.reserveFor(50 * KIB)).toBe(true);
      write(bytes + 50 * KIB);
      expect(reserved()).toBeGreaterThanOrEqual(Math.min(bytes + 50 * KIB, MAX_BYTES));
      sizes.add(reserved());
    }
    expect(sizes.size).toBeLessThan(15);
  });

  it('reserves again after it was released', () => {
    write(MIB);
    space.reserve();
    space.release();
    expect(reserved()).toBe(0);
    expect(space.reserveFor(1)).toBe(true);
    expect(reserved()).toBeGreaterThan(MIB);
  });

  it('returns false and keeps what is reserved if the disk has not enough space', (context) => {
    const disk = mountDisk(8);
    if (disk === undefined) return context.skip();
    use(disk);
    write(MIB);
    expect(space.reserve()).toBe(true);
    const free = fillDisk(disk);
    expect(space.reserveFor(4 * MIB)).toBe(false);
    expect(space.reserveFor(4 * MIB)).toBe(false);
    expect(reserved()).toBe(2 * MIB);
    expect(space.hasFreeSpaceBesides()).toBe(false);
    free();
    expect(space.hasFreeSpaceBesides()).toBe(true);
    rmSync(`${database}-ballast`);
    expect(space.reserveFor(MIB)).toBe(true);
  });
});
