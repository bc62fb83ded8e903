import { encodeAll } from '@vigilant/core/adapter';
import { describe, expect, it } from 'vitest';
import { decodeEvents } from '../../src/host/decode-events';
import { packEncoded } from '../../src/thread/packing';
import { sampleEvents } from '../support/sample-events';
import { countTurns } from '../support/store';

describe('decodeEvents', () => {
  it('adds the sequences to the events of all chunks', async () => {
    const events = sampleEvents(3, { data: { text: 'x'.repeat(600_000) } });
    const chunks = packEncoded(encodeAll(events));
    expect(chunks.length).toBeGreaterThan(1);
    const decoded = await decodeEvents(chunks, [5, 7, 8]);
    expect(decoded).toEqual(events.map((event, index) => ({ ...event, sequence: [5, 7, 8][index] })));
  });

  it('yields to the event loop after each 256 KiB', async () => {
    const chunks = packEncoded(encodeAll(sampleEvents(40, { data: { text: 'x'.repeat(100_000) } })));
    const sequences = Array.from({ length: 40 }, (_, index) => index);
    expect(await countTurns(() => decodeEvents(chunks, sequences))).toBeGreaterThan(8);
  });

  it('decodes less than 256 KiB in one turn', async () => {
    const chunks = packEncoded(encodeAll(sampleEvents(20, { data: { text: 'x'.repeat(10_000) } })));
    const sequences = Array.from({ length: 20 }, (_, index) => index);
    expect(await countTurns(() => decodeEvents(chunks, sequences))).toBeLessThanOrEqual(1);
  });
});
