import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConsoleFiles } from '../src/files';

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-console-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<base href="/" />');
  writeFileSync(join(folder, 'assets', 'index-1.js'), 'run();');
  writeFileSync(join(folder, 'notes.txt'), 'not served');
  return folder;
}

describe('createConsoleFiles', () => {
  it('serves files with their type, and compressed', () => {
    const file = createConsoleFiles(createFolder()).get('assets/index-1.js');
    expect(file).toMatchObject({ contentType: 'text/javascript; charset=utf-8', immutable: true });
    expect(gunzipSync(file?.gzip ?? '').toString()).toBe('run();');
  });

  it('serves the page without a compressed form, because the server changes it', () => {
    const file = createConsoleFiles(createFolder()).get('index.html');
    expect(file).toMatchObject({ contentType: 'text/html; charset=utf-8', immutable: false });
    expect(file).not.toHaveProperty('gzip');
  });

  it.each(['', 'missing.js', '../files.ts', 'assets', 'notes.txt', '__proto__'])('has no file %j', (path) => {
    expect(createConsoleFiles(createFolder()).get(path)).toBeUndefined();
  });

  it('reads nothing before the first use', () => {
    expect(() => createConsoleFiles('/nowhere')).not.toThrow();
  });

  it.each(['', 'overview', 'send', 'views', 'e/some.id', 'e/a%2Fb'])('has the page %j', (path) => {
    expect(createConsoleFiles(createFolder()).isPage(path)).toBe(true);
  });

  it.each(['index.html', 'e', 'e/', 'overview/', 'v1/events', 'favicon.ico', 'assets/index-1.js'])(
    'has no page %j',
    (path) => {
      expect(createConsoleFiles(createFolder()).isPage(path)).toBe(false);
    },
  );
});
