import type { Clock } from '@vigilant/core';
import { randomUUID } from 'node:crypto';
import type { KafkaClient } from '../contracts/kafka-client';
import type { ControlMessage } from './control-message';
import { encodeControl } from './control-message';

/** Most servers that are remembered. */
const MOST = 1_000;

const NAME = /^[\da-f-]{36}$/;

/** After how long without a word a server counts as silent, in milliseconds. It speaks each two seconds once it has heard of another. */
const SILENT_MS = 5_000;

/** The servers on a topic, as far as they have spoken since this one began. */
export interface Peers {
  /** Says that this server is there. */
  greet(): Promise<void>;
  /** Says that this server has ended, so that nobody waits for it. */
  leave(): Promise<void>;
  note(message: ControlMessage): void;
  /** The group has just shared out the partitions: what silent servers had is taken over. */
  noteAssigned(): void;
  /** No other server was heard of. */
  readonly isAlone: boolean;
  /** How long the longest silent server has said nothing, in milliseconds; `undefined` when none is silent. */
  silentMs(): number | undefined;
}

/** What peers need. */
export interface PeersParts {
  readonly client: KafkaClient;
  readonly clock: Clock;
  readonly controlTopic: string;
  /** When Kafka has surely noticed that a server is gone, in milliseconds. */
  readonly forgottenMs: number;
}

/** Knows no other server yet. */
export function createPeers({ client, clock, controlTopic, forgottenMs }: PeersParts): Peers {
  const self = randomUUID();
  /** When each was last heard. */
  const heard = new Map<string, number>();
  let hasLeft = false;

  const say = async (message: ControlMessage): Promise<void> => {
    await client.produce(controlTopic, [{ key: self, value: encodeControl(message) }]);
  };
  /** While nothing comes of ourselves either, the silence of others says nothing. */
  const reference = (): number => {
    const own = heard.get(self) ?? -Infinity;
    return clock.monotonic() - own > SILENT_MS ? own : clock.monotonic();
  };

  return {
    async greet() {
      // Whoever has said goodbye and speaks again would be missed for ever.
      if (!hasLeft) await say({ alive: self });
    },
    leave() {
      hasLeft = true;
      return say({ gone: self });
    },
    note(message) {
      if ('gone' in message) heard.delete(message.gone);
      if (!('alive' in message) || !NAME.test(message.alive)) return;
      if (heard.size < MOST || heard.has(message.alive)) heard.set(message.alive, clock.monotonic());
    },
    noteAssigned() {
      const now = reference();
      for (const [server, at] of heard) if (now - at > SILENT_MS) heard.delete(server);
    },
    get isAlone() {
      return heard.size === 0 || (heard.size === 1 && heard.has(self));
    },
    silentMs() {
      const now = reference();
      let longest: number | undefined;
      for (const [server, at] of heard) {
        const silence = now - at;
        if (silence > forgottenMs) heard.delete(server);
        else if (silence > SILENT_MS) longest = Math.max(longest ?? 0, silence);
      }
      return longest;
    },
  };
}
