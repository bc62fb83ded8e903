import type { Clock } from '@vigilant/core';
import { randomUUID } from 'node:crypto';
import type { KafkaClient } from '../contracts/kafka-client';
import type { ControlMessage } from './control-message';
import { encodeControlMessage } from './control-message';

/** Maximum number of servers that are tracked. */
const MAX_SERVERS = 1_000;

const SERVER_ID = /^[\da-f-]{36}$/;

/** Time without an announcement after which a server is silent, in milliseconds. Servers announce themselves every 2 s once there are two. */
const SILENT_MS = 5_000;

/** Tracks the servers of a topic by their announcements on the control topic. */
export interface Presence {
  /** Announces this server to other servers. */
  announce(): Promise<void>;
  /** Announces that this server was closed, so that other servers do not report it as silent. */
  leave(): Promise<void>;
  /** Notes the announcement of a server. Ignores other messages. */
  note(message: ControlMessage): void;
  /** Forgets silent servers after a rebalance, because other servers have taken over their partitions. */
  noteRebalance(): void;
  /** Whether no other server is known. */
  readonly isAlone: boolean;
  /** Returns how long the server with the oldest announcement has been silent, in milliseconds; `undefined` if none is silent. */
  longestSilenceMs(): number | undefined;
}

/** Dependencies of `Presence`. */
export interface PresenceParts {
  readonly client: KafkaClient;
  readonly clock: Clock;
  readonly controlTopic: string;
  /** Time after which Kafka has removed a silent server from the group, in milliseconds. */
  readonly forgetAfterMs: number;
}

/** Creates the presence of this server. Other servers are unknown until they announce themselves. */
export function createPresence(parts: PresenceParts): Presence {
  return new AnnouncedServers(parts);
}

class AnnouncedServers implements Presence {
  readonly #parts: PresenceParts;
  readonly #self = randomUUID();
  /** Monotonic time of the last announcement of each server. */
  readonly #announcedAt = new Map<string, number>();
  #hasLeft = false;

  constructor(parts: PresenceParts) {
    this.#parts = parts;
  }

  async announce(): Promise<void> {
    // A server that announces itself after leaving would be reported as silent.
    if (!this.#hasLeft) await this.#send({ alive: this.#self });
  }

  leave(): Promise<void> {
    this.#hasLeft = true;
    return this.#send({ gone: this.#self });
  }

  note(message: ControlMessage): void {
    if ('gone' in message) this.#announcedAt.delete(message.gone);
    if (!('alive' in message) || !SERVER_ID.test(message.alive)) return;
    if (this.#announcedAt.size < MAX_SERVERS || this.#announcedAt.has(message.alive))
      this.#announcedAt.set(message.alive, this.#parts.clock.monotonic());
  }

  noteRebalance(): void {
    const now = this.#reference();
    for (const [server, at] of this.#announcedAt) if (now - at > SILENT_MS) this.#announcedAt.delete(server);
  }

  get isAlone(): boolean {
    const { size } = this.#announcedAt;
    return size === 0 || (size === 1 && this.#announcedAt.has(this.#self));
  }

  longestSilenceMs(): number | undefined {
    const now = this.#reference();
    let longest: number | undefined;
    for (const [server, at] of this.#announcedAt) {
      const silence = now - at;
      if (silence > this.#parts.forgetAfterMs) this.#announcedAt.delete(server);
      else if (silence > SILENT_MS) longest = Math.max(longest ?? 0, silence);
    }
    return longest;
  }

  /** Returns the time up to which announcements were received. While those of this server are missing, so are those of others. */
  #reference(): number {
    const now = this.#parts.clock.monotonic();
    const own = this.#announcedAt.get(this.#self) ?? -Infinity;
    return now - own > SILENT_MS ? own : now;
  }

  async #send(message: ControlMessage): Promise<void> {
    const { client, controlTopic } = this.#parts;
    await client.produce(controlTopic, [{ key: this.#self, value: encodeControlMessage(message) }]);
  }
}
