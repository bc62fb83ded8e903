import { describe, expect, it, onTestFinished } from 'vitest';
import { createVigilant } from '../../src/engine/engine';
import { knownBytes } from '../../src/event/codec';
import type { Event } from '../../src/event/event';
import { createMemoryBroker } from '../../src/memory/memory-broker';

describe('logBatch() with a broker that receives objects', () => {
  it.each([2, 2_000])('does not encode its %d events before they are published', async (count) => {
    const encoded: (Uint8Array | undefined)[] = [];
    const broker = createMemoryBroker();
    const publish = broker.publish.bind(broker);
    broker.publish = (events: readonly Event[]) => {
      encoded.push(...events.map(knownBytes));
      return publish(events);
    };
    const vigilant = createVigilant({ broker });
    onTestFinished(async () => void (await vigilant.close()));
    await vigilant.logBatch(Array.from({ length: count }, (_, n) => ({ message: `${n}`, data: { n } })));
    expect(encoded).toHaveLength(count);
    expect(encoded.filter((bytes) => bytes !== undefined)).toHaveLength(0);
  });
});
