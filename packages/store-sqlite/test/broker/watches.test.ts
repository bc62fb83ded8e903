import type { Event } from '@vigilant/core';
import { encodeAll } from '@vigilant/core/adapter';
import { describe, expect, it } from 'vitest';
import { packBatches } from '../../src/broker/pack-batches';
import { Watches } from '../../src/broker/watches';
import { FIXTURE_EVENTS } from '../fixtures/events';

const [EVENT] = FIXTURE_EVENTS as readonly [Event];
const { signal } = new AbortController();

/** Reads the ids that a watch shows until it ends. */
async function idsOf(watch: AsyncIterable<readonly Event[]>): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const events of watch) ids.push(...events.map(({ id }) => id));
  return ids;
}

function bodyOf(event: Event): ArrayBuffer {
  return packBatches([{ number: 1, events: encodeAll([event]) }]).bodies;
}

describe('Watches', () => {
  it('shows events and bodies to every watch', async () => {
    const watches = new Watches();
    const added = [watches.add(1_000, signal), watches.add(1_000, signal)];
    watches.show(encodeAll([EVENT]));
    watches.showBody(bodyOf(EVENT));
    watches.end();
    for (const watch of added) expect(await idsOf(watch)).toEqual([EVENT.id, EVENT.id]);
  });

  it('is empty until a watch is added and after it has ended', () => {
    const watches = new Watches();
    expect(watches.isEmpty).toBe(true);
    const watch = watches.add(1_000, signal);
    expect(watches.isEmpty).toBe(false);
    watch.end();
    expect(watches.isEmpty).toBe(true);
  });

  it.each([
    ['a gap', (watches: Watches) => watches.reportGap()],
    ['a damaged body', (watches: Watches) => watches.showBody(new ArrayBuffer(3))],
    ['a body beyond the limit of the watch', (watches: Watches) => watches.showBody(bodyOf(EVENT))],
  ])('fails a watch at %s', async (_, miss) => {
    const watches = new Watches();
    const watch = watches.add(10, signal);
    miss(watches);
    await expect(idsOf(watch)).rejects.toMatchObject({ code: 'VIGILANT_WATCH_OVERFLOW' });
  });
});
