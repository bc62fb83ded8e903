import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Instance } from '../../src/desktop/instance';
import { becomeInstance, instanceAddress } from '../../src/desktop/instance';
import { createTestSystem } from '../support/test-system';

function start() {
  const system = createTestSystem();
  const address = join(system.home, 'target.sock');
  const become = async (): Promise<Instance | undefined> => {
    const instance = await becomeInstance(address, system);
    onTestFinished(async () => instance?.close());
    return instance;
  };
  return { address, become };
}

describe('becomeInstance', () => {
  it('asks the running instance to open a window', async () => {
    const { become } = start();
    const first = await become();
    let opened = 0;
    first?.onOpen(async () => void (opened += 1));
    expect(await become()).toBeUndefined();
    expect(opened).toBe(1);
  });

  it('waits until the running instance has started', async () => {
    const { become } = start();
    const first = await become();
    const second = become();
    first?.onOpen(async () => {});
    expect(await second).toBeUndefined();
  });

  it('reports why the running instance could not open a window', async () => {
    const { become } = start();
    (await become())?.onOpen(() => Promise.reject(new Error('The browser failed.')));
    await expect(become()).rejects.toThrow('The browser failed.');
  });

  it('makes exactly one of several simultaneous starts the instance', async () => {
    const { become } = start();
    const starting = [become(), become(), become()];
    const first = await Promise.race(starting);
    first?.onOpen(async () => {});
    expect((await Promise.all(starting)).filter((each) => each !== undefined)).toHaveLength(1);
  });

  it('becomes the instance after the earlier one was killed', async () => {
    const { address, become } = start();
    const program = `require('net').createServer().listen(process.argv[1], () => console.log('listening'))`;
    const child = spawn(process.execPath, ['-e', program, address], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await become()).toBeDefined();
  });

  it('becomes the instance if the earlier one ends before it answers', async () => {
    const { become } = start();
    const first = await become();
    const second = become();
    await first?.close();
    expect(await second).toBeDefined();
  });
});

describe('Instance', () => {
  it('leaves requests unanswered, so that their processes become instances after close()', async () => {
    const { become } = start();
    const first = await become();
    let asked = (): void => {};
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    first?.onOpen(async () => asked());
    first?.stopAnswering();
    const second = become();
    await isAsked;
    await first?.close();
    expect(await second).toBeDefined();
  });
});

describe('instanceAddress', () => {
  it('is a pipe on Windows, whose name depends on the user', () => {
    const address = (user: string) =>
      instanceAddress({ platform: 'win32' }, `C:\\Users\\${user}`, 'engine-1');
    expect(address('ada')).toMatch(/^\\\\\.\\pipe\\vigilant-[\da-f]{32}$/);
    expect(address('ada')).not.toBe(address('bob'));
  });
});
