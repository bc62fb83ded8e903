import { createTestContext } from '@vigilant/conformance';
import { describe, expect, it } from 'vitest';
import type { KafkaClient } from '../../src/contracts/kafka-client';
import { decodeControlMessage, encodeControlMessage } from '../../src/coordination/control-message';
import type { ControlMessage } from '../../src/coordination/control-message';
import type { Presence } from '../../src/coordination/presence';
import { createPresence } from '../../src/coordination/presence';

/** Servers that hear one another, on a clock that is turned by hand. */
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
        ...{ client, controlTopic: 'control', forgetAfterMs: 20_000 },
        clock: { ...clock, monotonic: () => now },
      }),
    );
  const announce = (...which: readonly number[]) =>
    Promise.all(which.map((index) => servers[index]?.announce()));
  return { servers, announce, pass: (ms: number) => void (now += ms) };
}

describe('a server among others', () => {
  it('is alone until it hears of another', async () => {
    const { servers, announce } = createServers(2);
    await announce(0);
    expect(servers[0]?.isAlone).toBe(true);
    await announce(1);
    expect(servers[0]?.isAlone).toBe(false);
  });

  it('notices that another is silent, and that its share was taken over', async () => {
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

  it('forgets one that never comes back', async () => {
    const { servers, announce, pass } = createServers(2);
    await announce(0, 1);
    for (let round = 0; round < 11; round += 1) {
      pass(2_000);
      await announce(0);
    }
    expect(servers[0]?.longestSilenceMs()).toBeUndefined();
    expect(servers[0]?.isAlone).toBe(true);
  });

  it('does not wait for one that has ended in order', async () => {
    const { servers, announce, pass } = createServers(2);
    await announce(0, 1);
    await servers[1]?.leave();
    // It was about to announce.
    await announce(1);
    pass(6_000);
    await announce(0);
    expect(servers[0]?.longestSilenceMs()).toBeUndefined();
  });

  it('accuses nobody while it hears nothing at all', async () => {
    const { servers, announce, pass } = createServers(2);
    await announce(0, 1);
    pass(60_000);
    expect(servers[0]?.longestSilenceMs()).toBeUndefined();
  });
});

describe('what servers tell one another', () => {
  it.each<ControlMessage>([{ flush: new Map([[0, 12]]) }, { alive: 'a' }, { gone: 'a' }])(
    'comes back as it was: %o',
    (message) => expect(decodeControlMessage(encodeControlMessage(message))).toEqual(message),
  );

  it.each([
    '',
    '{',
    '1',
    '{"v":2,"alive":"a"}',
    '{"v":1}',
    '{"v":1,"flush":{"x":1}}',
    '{"v":1,"flush":{"0":-1}}',
  ])('is ignored when it is %s', (text) => expect(decodeControlMessage(Buffer.from(text))).toBeUndefined());
});
