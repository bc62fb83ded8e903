import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { buildApp } from './support/console-server';

const APP_BYTES = 120_000;
/** The app may have to be built first. */
const TIMEOUT_MS = 180_000;

it(
  'has at most 120 kB of code in one language, compressed',
  async () => {
    const assets = join(await buildApp(), 'assets');
    const files = readdirSync(assets).filter(
      (name) => /\.(?:js|css)$/.test(name) && !/^(?:de|pseudo)\b/.test(name),
    );
    const sizes = files.map((name) => gzipSync(readFileSync(join(assets, name)), { level: 9 }).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(APP_BYTES);
  },
  TIMEOUT_MS,
);
