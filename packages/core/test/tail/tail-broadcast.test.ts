import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/event/event';
import type { Filter } from '../../src/filter/ast';
import { MATCH_ALL } from '../../src/filter/ast';
import { decodeTailCursor } from '../../src/query/cursor';
import { createTailBroadcast } from '../../src/tail/tail-broadcast';
import type { Subscriber } from '../../src/tail/subscriber';
import { createSubscriber } from '../../src/tail/subscriber';
import type { TailItem } from '../../src/contracts/vigilant';
import { event, events, settle } from '../support';

const EPOCH = 'epoch';
const at = (sequence: number) => ({ epoch: EPOCH, sequence });

function subscriber(options: { filter?: Filter; cursor?: number } = {}): Subscriber {
  const { filter = MATCH_ALL, cursor } = options;
  const resumed = cursor === undefined ? {} : { cursor: at(cursor) };
  return createSubscriber({ filter, checkpoints: true, maxBufferedBytes: 100_000, ...resumed });
}

async function itemsOf(reader: Subscriber): Promise<TailItem[]> {
  const items: TailItem[] = [];
  for (;;) {
    const item = await Promise.race([reader.next(), settle(2).then(() => undefined)]);
    if (item === undefined) return items;
    items.push(item);
  }
}

async function idsOf(reader: Subscriber): Promise<string[]> {
  return (await itemsOf(reader)).map((item) => (item.type === 'event' ? item.event.id : item.type));
}

function setUp(...subscribers: Subscriber[]) {
  const broadcast = createTailBroadcast();
  for (const each of subscribers) broadcast.subscribe(each);
  const stored = (each: Event, sequence: number): void =>
    broadcast.stored({ ...each, sequence }, at(sequence));
  return { broadcast, stored };
}

describe('TailBroadcast', () => {
  it('offers an event of the watch to a subscriber whose position is its sequence', async () => {
    const [there, before, beyond] = [subscriber(), subscriber(), subscriber()];
    const { broadcast, stored } = setUp(there, before, beyond);
    there.consider(5);
    before.consider(4);
    beyond.consider(6);
    const late = event();
    stored(late, 5);
    broadcast.published(late, at(5), 'watch');
    for (const each of [there, before, beyond]) expect(await idsOf(each)).toEqual([late.id]);
  });

  it('does not offer a stored event again when its publisher and then the watch announce it', async () => {
    const reader = subscriber();
    const { broadcast, stored } = setUp(reader);
    const early = event();
    stored(early, 1);
    broadcast.published(early, at(1), 'publisher');
    reader.consider(1);
    broadcast.published(early, at(1), 'watch');
    expect(await idsOf(reader)).toEqual([early.id]);
  });

  it('does not offer an event again that publisher, store and watch all supply', async () => {
    const reader = subscriber();
    const { broadcast, stored } = setUp(reader);
    const own = event();
    broadcast.published(own, at(0), 'publisher');
    stored(own, 1);
    reader.consider(1);
    broadcast.published(own, at(1), 'watch');
    expect(await idsOf(reader)).toEqual([own.id]);
  });

  it.each([
    ['publisher, watch, store', ['publisher', 'watch', 'store']],
    ['watch, store', ['watch', 'store']],
    ['store, watch', ['store', 'watch']],
  ] as const)('forgets an event that all sources have supplied: %s', async (_, bringers) => {
    const reader = subscriber();
    const { broadcast, stored } = setUp(reader);
    const known = event();
    for (const by of bringers) {
      if (by === 'store') stored(known, 1);
      else broadcast.published(known, at(0), by);
    }
    // It is therefore delivered again.
    broadcast.published(known, at(1), 'watch');
    expect(await idsOf(reader)).toEqual([known.id, known.id]);
  });

  it('offers an event that no subscriber matched to a subscriber that joined before the watch delivers it', async () => {
    const [picky, curious] = [subscriber({ filter: { kind: 'contains', text: 'x' } }), subscriber()];
    const { broadcast } = setUp(picky);
    const plain = event();
    broadcast.published(plain, at(0), 'publisher');
    broadcast.subscribe(curious);
    broadcast.published(plain, at(0), 'watch');
    expect(await idsOf(curious)).toEqual([plain.id]);
  });

  it('offers events published before a subscriber joined when they are read from the store', async () => {
    const [first, second] = [subscriber(), subscriber()];
    const { broadcast, stored } = setUp(first);
    const [before, after] = [event(), event()];
    broadcast.published(before, at(0), 'watch');
    broadcast.subscribe(second);
    broadcast.published(after, at(0), 'watch');
    stored(before, 1);
    stored(after, 2);
    expect(await idsOf(first)).toEqual([before.id, after.id]);
    expect(await idsOf(second)).toEqual([after.id, before.id]);
  });

  it('offers an event that no subscriber matched to a subscriber that joined later', async () => {
    const [picky, curious] = [subscriber({ filter: { kind: 'contains', text: 'x' } }), subscriber()];
    const { broadcast, stored } = setUp(picky);
    const plain = event();
    broadcast.published(plain, at(0), 'watch');
    broadcast.subscribe(curious);
    stored(plain, 1);
    expect(await idsOf(curious)).toEqual([plain.id]);
    expect(await idsOf(picky)).toEqual([]);
  });

  it('does not subscribe a subscriber that has ended', () => {
    const gone = subscriber();
    gone.end();
    expect(setUp(gone).broadcast.subscribers.size).toBe(0);
  });
});

describe('Subscriber', () => {
  it('sets the cursor of each item to the position up to which everything was considered', async () => {
    const reader = subscriber();
    const { broadcast, stored } = setUp(reader);
    broadcast.published(event(), at(3), 'watch');
    reader.consider(7);
    reader.consider(5);
    broadcast.published(event(), at(4), 'watch');
    stored(event(), 9);
    reader.checkpoint(at(9));
    const items = await itemsOf(reader);
    expect(items.map(({ cursor }) => decodeTailCursor(cursor))).toEqual([3, 7, 9, 9].map(at));
    expect(items.at(-1)?.type).toBe('checkpoint');
  });

  it('receives no checkpoints unless it requests them', async () => {
    const reader = createSubscriber({ filter: MATCH_ALL, checkpoints: false, maxBufferedBytes: 1_000 });
    reader.checkpoint(at(1));
    expect(await itemsOf(reader)).toEqual([]);
  });

  it('receives no stored events that do not match or were already considered', async () => {
    const reader = subscriber({ filter: { kind: 'contains', text: 'wanted' } });
    const { stored } = setUp(reader);
    reader.consider(1);
    const wanted = event({ message: 'wanted' });
    stored(event({ message: 'wanted' }), 1);
    stored(event(), 2);
    stored(wanted, 3);
    expect(await idsOf(reader)).toEqual([wanted.id]);
  });

  it('queues events published during its replay, and delivers no event twice', async () => {
    const reader = subscriber({ cursor: 0 });
    const [waiting, replayed] = [events(5), events(5)];
    const publish = (each: Event): boolean => reader.offerPublished(each, at(0));
    const replay = (each: Event): boolean => reader.offerReplayed({ ...each, sequence: 1 });
    const answers = [waiting.map(publish), waiting.map(replay), replayed.map(replay), replayed.map(publish)];
    expect(answers).toEqual([true, false, true, true].map((answer) => Array(5).fill(answer)));
    expect(await idsOf(reader)).toEqual(waiting.map(({ id }) => id));
  });

  it.each([
    ['without a replay', undefined],
    ['after its replay', 0],
  ])('does not remember the events in its queue %s', async (_, cursor) => {
    const reader = subscriber(cursor === undefined ? {} : { cursor });
    const next = reader.next();
    const live = event();
    reader.offerPublished(live, at(0));
    expect(reader.offerReplayed({ ...live, sequence: 1 })).toBe(true);
    expect(await next).toMatchObject({ event: live });
  });

  it('returns whether an event matches', () => {
    const reader = subscriber({ filter: { kind: 'contains', text: 'wanted' } });
    const offer = (message: string): boolean => reader.offerPublished(event({ message }), at(0));
    expect([offer('wanted'), offer('other')]).toEqual([true, false]);
  });

  it('ends its queue when it ends', async () => {
    const reader = subscriber();
    reader.offerPublished(event(), at(0));
    reader.end();
    expect([await reader.next(), reader.hasEnded]).toEqual([undefined, true]);
  });
});
