import { createTestContext } from '@vigilant/conformance';
import { describe, expect, it } from 'vitest';
import type { KafkaClient } from '../../src/contracts/kafka-client';
import { decodeControlMessage } from '../../src/coordination/control-message';
import type { Presence } from '../../src/coordination/presence';
import { createPresence } from '../../src/coordination/presence';

/** Creates servers that receive the announcements of each other, on a manual clock. */
function createServers(count: number) {
  let now = 0;
  const { clock } = createTestContext();
  const servers: Presence[] = [];
  const client = {
    async produce(_topic: string, records: readonly { readonly value: Uint8Array }[]) {
      for (const { value } of records) {
        const message = decodeControlMessage(value);
        if (message !== undefined) for (const server of servers) server.note(message);
      }
      return [];
    },
  } as unknown as KafkaClient;
  for (let index = 0; index < count; index += 1)
    servers.push(
      createPresence({
        client,
        controlTopic: 'control',
        forgetAfterMs: 20_000,
        clock: { ...clock, monotonic: () => now },
      }),
    );
  const announce = (...which: readonly number[]) =>
    Promise.all(which.map((index) => servers[index]?.announce()));
  return { servers, announce, pass: (ms: number) => void (now += ms) };
}

describe('createPresence', () => {
  it('is alone until another server announces itself', async () => {
    const { servers, announce } = createServers(2);
    await announce(0);
    expect(servers[0]?.isAlone).toBe(true);
    await announce(1);
    expect(servers[0]?.isAlone).toBe(false);
  });

  it('reports a silent server until a rebalance or its next announcement', async () => {
    const { servers, announce, pass } = createServers(3);
    await announce(0, 1, 2);
    for (let round = 0; round < 3; round += 1) {
      pass(2_000);
      await announce(0, 2);
    }
    expect(servers[0]?.longestSilenceMs()).toBe(6_000);
    servers[0]?.noteRebalance();
    expect(servers[0]?.longestSilenceMs()).toBeUndefined();
    expect(servers[2]?.longestSilenceMs()).toBe(6_000);
    await announce(1);
    expect(servers[2]?.longestSilenceMs()).toBeUndefined();
  });

  it('forgets a server that stays silent', async () => {
    const { servers, announce, pass } = createServers(2);
    await announce(0, 1);
    for (let round = 0; round < 11; round += 1) {
      pass(2_000);
      await announce(0);
    }
    expect(servers[0]?.longestSilenceMs()).toBeUndefined();
    expect(servers[0]?.isAlone).toBe(true);
  });

  it('does not report a server that has left as silent', async () => {
    const { servers, announce, pass } = createServers(2);
    await announce(0, 1);
    await servers[1]?.leave();
    // An announcement after leaving has no effect.
    await announce(1);
    pass(6_000);
    await announce(0);
    expect(servers[0]?.longestSilenceMs()).toBeUndefined();
  });

  it('does not report other servers as silent while its own announcements are missing', async () => {
    const { servers, announce, pass } = createServers(2);
    await announce(0, 1);
    pass(60_000);
    expect(servers[0]?.longestSilenceMs()).toBeUndefined();
  });
});
