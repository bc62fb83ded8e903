import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { firstWindowUrl, writeWindowFile } from '../../src/window/window-file';

const ACTION = 'http://127.0.0.1:40123/';

function parent(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('writeWindowFile', () => {
  it('writes a file that only its user may read, in a new folder', async () => {
    const folder = parent();
    const { url } = await writeWindowFile(folder, ACTION, 'the-ticket');
    const file = fileURLToPath(url);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    expect(readFileSync(file, 'utf8')).toContain('name="ticket" value="the-ticket"');
    expect(url).not.toContain('the-ticket');
  });

  it('uses one path for the first window each time, and other paths while it exists', async () => {
    const folder = parent();
    const first = await writeWindowFile(folder, ACTION, 'a');
    const second = await writeWindowFile(folder, ACTION, 'b');
    expect(first.url).toBe(firstWindowUrl(folder));
    expect(second.url).not.toBe(first.url);
    await first.delete();
    expect((await writeWindowFile(folder, ACTION, 'c')).url).toBe(first.url);
    expect(readFileSync(fileURLToPath(second.url), 'utf8')).toContain('value="b"');
  });

  it('deletes the file with its folder, also when called twice', async () => {
    const folder = parent();
    const file = await writeWindowFile(folder, ACTION, 'a');
    await file.delete();
    await file.delete();
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(true);
  });

  it('rejects more windows than a browser opens at a time', async () => {
    const folder = parent();
    for (let count = 0; count < 16; count += 1) await writeWindowFile(folder, ACTION, 'a');
    await expect(writeWindowFile(folder, ACTION, 'a')).rejects.toThrow('16 windows are waiting');
  });
});
