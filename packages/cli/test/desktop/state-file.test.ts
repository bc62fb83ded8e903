import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createStateFile } from '../../src/desktop/state-file';

function start() {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const reports: string[] = [];
  const path = join(folder, 'desktop.json');
  return { folder, path, reports, state: createStateFile(folder, (message) => reports.push(message)) };
}

const server = (name: string) => ({ url: `http://${name}/`, lastUsedAt: '2026-01-02T03:04:05.000Z' });

describe('StateFile', () => {
  it('is empty at first', async () => {
    expect(await start().state.read()).toEqual({ servers: [], ports: [] });
  });

  it('remembers each server once, the last one first', async () => {
    const { state } = start();
    for (const name of ['a', 'b', 'a']) await state.addServer(server(name));
    expect((await state.read()).servers).toEqual([server('a'), server('b')]);
  });

  it('remembers at most 20 servers and 50 ports', async () => {
    const { state } = start();
    for (let index = 0; index < 60; index += 1) {
      await state.addServer(server(`host-${index}`));
      await state.setPort(`key-${index}`, 1_000 + index);
    }
    const { servers, ports } = await state.read();
    expect([servers.length, servers[0]?.url]).toEqual([20, 'http://host-59/']);
    expect([ports.length, ports[0]]).toEqual([50, ['key-59', 1_059]]);
  });

  it('keeps the concurrent changes of several processes', async () => {
    const { folder, state } = start();
    const states = Array.from({ length: 10 }, () => createStateFile(folder, () => {}));
    await Promise.all(
      states.flatMap((each, index) => [
        each.addServer(server(`host-${index}`)),
        each.setPort(`key-${index}`, 1_000 + index),
      ]),
    );
    const { servers, ports } = await state.read();
    expect([servers.length, ports.length]).toEqual([10, 10]);
  });

  it('replaces the lock of a process that died', async () => {
    const { state, path } = start();
    writeFileSync(`${path}.lock`, '');
    await state.addServer(server('a'));
    expect((await state.read()).servers).toEqual([server('a')]);
  });

  it('writes a file that only its user may read, and leaves no other file', async () => {
    const { state, path, folder } = start();
    await state.setPort('engine-1', 40_123);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['desktop.json']);
  });

  it.each(['{', 'null', '[]', '{"servers":[{"url":"x"}],"ports":{}}', '{"servers":[],"ports":{"a":70000}}'])(
    'reports and replaces a file that contains %s',
    async (text) => {
      const { state, path, reports } = start();
      writeFileSync(path, text);
      await state.addServer(server('a'));
      expect(reports).toHaveLength(1);
      expect(reports[0]).toContain(`${path} is damaged (`);
      expect(readFileSync(`${path}.damaged`, 'utf8')).toBe(text);
      expect((await state.read()).servers).toEqual([server('a')]);
    },
  );
});
