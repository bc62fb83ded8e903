import type { Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { bindAll } from '../../../src/util/net/listen';

describe('bindAll', () => {
  /** Creates the part of a bound server that `bindAll` uses. */
  const fakeServer = (port: number) =>
    ({ address: () => ({ port }), close: (done: () => void) => done() }) as Server;
  const inUse = () => Promise.reject(Object.assign(new Error('in use'), { code: 'EADDRINUSE' }));

  it('selects another port if the first one is taken on the second address', async () => {
    const calls: string[] = [];
    const servers = await bindAll(['127.0.0.1', '::1'], 0, async (host, port) => {
      calls.push(`${host} ${port}`);
      if (host === '::1' && port < 50_002) return inUse();
      return fakeServer(port === 0 ? 50_000 + calls.length : port);
    });
    expect(servers.map((server) => server.address())).toEqual([{ port: 50_003 }, { port: 50_003 }]);
    expect(calls).toEqual(['127.0.0.1 0', '::1 50001', '127.0.0.1 0', '::1 50003']);
  });

  it('rejects after ten attempts, or after one for a given port', async () => {
    let calls = 0;
    const bind = async (host: string, port: number) => {
      calls += 1;
      return host === '::1' ? inUse() : fakeServer(port);
    };
    await expect(bindAll(['127.0.0.1', '::1'], 0, bind)).rejects.toThrow('in use');
    expect(calls).toBe(20);
    calls = 0;
    await expect(bindAll(['127.0.0.1', '::1'], 50_051, bind)).rejects.toThrow('in use');
    expect(calls).toBe(2);
  });
});
