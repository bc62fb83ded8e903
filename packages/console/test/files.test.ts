import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { packFiles } from '../../../scripts/inline-files.mjs';
import type { ConsoleFiles } from '../src/files';
import { createConsoleFiles } from '../src/files';

function createFiles(): ConsoleFiles {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-console-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<base href="/" />');
  writeFileSync(join(folder, 'assets', 'index-1.js'), 'run();');
  writeFileSync(join(folder, 'notes.txt'), 'not served');
  return createConsoleFiles(packFiles(folder));
}

describe('createConsoleFiles', () => {
  it('serves files with their type, and compressed', () => {
    const file = createFiles().get('assets/index-1.js');
    expect(file).toMatchObject({ contentType: 'text/javascript; charset=utf-8', immutable: true });
    expect(gunzipSync(file?.gzip ?? '').toString()).toBe('run();');
  });

  it('serves the page without a compressed form, because the server changes it', () => {
    const file = createFiles().get('index.html');
    expect(file).toMatchObject({ contentType: 'text/html; charset=utf-8', immutable: false });
    expect(file).not.toHaveProperty('gzip');
  });

  it.each(['', 'missing.js', '../files.ts', 'assets', 'notes.txt', '__proto__'])('has no file %j', (path) => {
    expect(createFiles().get(path)).toBeUndefined();
  });

  it('unpacks nothing before the first use', () => {
    expect(() => createConsoleFiles({ 'app.js': 'not compressed' })).not.toThrow();
  });

  it('unpacks a file once', () => {
    const files = createFiles();
    expect(files.get('index.html')).toBe(files.get('index.html'));
  });

  it.each(['', 'overview', 'send', 'views', 'e/some.id', 'e/a%2Fb'])('has the page %j', (path) => {
    expect(createFiles().isPage(path)).toBe(true);
  });

  it.each(['index.html', 'e', 'e/', 'overview/', 'v1/events', 'favicon.ico', 'assets/index-1.js'])(
    'has no page %j',
    (path) => {
      expect(createFiles().isPage(path)).toBe(false);
    },
  );
});
