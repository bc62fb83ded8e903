import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/desktop/open-source';
import type { StateFile } from '../../src/desktop/state-file';
import { createTestSystem } from '../support/test-system';

describe('openSource', () => {
  it('closes the server and the engine if the port cannot be saved', async () => {
    const system = createTestSystem();
    let url = '';
    const state: StateFile = {
      read: async () => ({ servers: [], ports: [] }),
      addServer: async () => {},
      setPort: async (_, port) => {
        url = `http://127.0.0.1:${port}/livez`;
        expect((await fetch(url)).status).toBe(200);
        throw new Error('The disk is full.');
      },
    };
    const target = { kind: 'engine', folder: join(system.home, 'data') } as const;
    const opening = openSource(target, { system, state, windows: join(system.home, 'windows') });
    await expect(opening).rejects.toThrow('The disk is full.');
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });
});
