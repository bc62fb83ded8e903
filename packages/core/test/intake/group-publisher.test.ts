import { describe, expect, it } from 'vitest';
import { encodeAll } from '../../src/event/encoded-events';
import type { Event } from '../../src/event/event';
import { createGroupPublisher } from '../../src/intake/group-publisher';
import { VigilantError } from '../../src/util/errors';
import { event, events, settle, unavailable } from '../support';
import { countsOf, eventOf, MIB, setUp } from './group-publisher-support';

describe('GroupPublisher for a broker that keeps events encoded', () => {
  function setUpEncoded() {
    const published: (readonly Event[])[] = [];
    const failures: unknown[] = [];
    const broker = { fails: false };
    const publisher = createGroupPublisher({
      publish: () => Promise.reject(new Error('publish() was called')),
      async publishEncoded(batch) {
        if (broker.fails) throw unavailable();
        published.push(batch.decode());
      },
      maxPendingBytes: 100 * MIB,
      onRejected: () => {},
      onFailure: (_, count) => failures.push(count),
    });
    return { publisher, published, failures, broker };
  }

  it('publishes single, encoded and prepared events in the order of their submission', async () => {
    const { publisher, published } = setUpEncoded();
    const [first, second, third, fourth, fifth] = events(5) as [Event, Event, Event, Event, Event];
    const results = [
      publisher.submit([first]),
      publisher.submitEncoded(encodeAll([second])),
      publisher.submit([third]),
      publisher.submitPrepared(async () => encodeAll([fourth])),
      publisher.submit([fifth]),
    ];
    expect(await Promise.all(results)).toEqual(Array(5).fill(new Map()));
    expect(published).toEqual([[first, second, third], [fourth], [fifth]]);
    expect(countsOf(publisher)).toEqual({ pendingBytes: 0, accepted: 5, failed: 0 });
  });

  it('counts the events of a publish that fails', async () => {
    const { publisher, broker, failures } = setUpEncoded();
    broker.fails = true;
    const result = publisher.submitEncoded(encodeAll(events(3)));
    await expect(result).rejects.toMatchObject({ code: 'VIGILANT_STORE_UNAVAILABLE' });
    await publisher.drained();
    expect(failures).toEqual([3]);
    expect(countsOf(publisher)).toEqual({ pendingBytes: 0, accepted: 0, failed: 3 });
  });
});

describe('GroupPublisher', () => {
  it('publishes the events of one turn of the event loop together, in order', async () => {
    const { publisher, publishes } = setUp();
    const [first, second, third] = [event(), event(), event()];
    const results = [publisher.submit([first, second]), publisher.submit([third])];
    await settle();
    expect(publishes.map((publish) => publish.events)).toEqual([[first, second, third]]);
    publishes[0]?.resolve();
    expect(await Promise.all(results)).toEqual([new Map(), new Map()]);
  });

  it('publishes the events of the next turn without waiting for those of the previous one', async () => {
    const { publisher, publishes } = setUp();
    const [first, second] = [event(), event()];
    void publisher.submit([first]);
    await settle();
    void publisher.submit([second]);
    await settle();
    expect(publishes.map((publish) => publish.events)).toEqual([[first], [second]]);
  });

  it('publishes up to exactly 1 MiB together', async () => {
    const { publisher, publishes } = setUp();
    const parts = [eventOf(MIB / 2), eventOf(MIB / 4), eventOf(MIB / 4)];
    for (const part of parts) void publisher.submit([part]);
    await settle();
    expect(publishes.map((publish) => publish.events)).toEqual([parts]);
  });

  it('publishes events separately if they exceed 1 MiB together', async () => {
    const { publisher, publishes } = setUp();
    const parts = [eventOf(MIB / 2), eventOf(MIB / 2 + 1), eventOf(MIB / 4)];
    for (const part of parts) void publisher.submit([part]);
    await settle();
    expect(publishes.map((publish) => publish.events)).toEqual([[parts[0]], [parts[1], parts[2]]]);
  });

  it('publishes the events of one call together, regardless of their size', async () => {
    const { publisher, publishes } = setUp();
    const parts = [eventOf(MIB), eventOf(MIB)];
    void publisher.submit(parts);
    await settle();
    expect(publishes.map((publish) => publish.events)).toEqual([parts]);
  });

  it('resolves large publishes that end together in order, one per turn of the event loop', async () => {
    const { publisher, publishes } = setUp();
    const turns: number[][] = [];
    for (let each = 0; each < 3; each += 1)
      void publisher.submit([eventOf(MIB)]).then(() => turns.at(-1)?.push(each));
    await settle();
    for (const publish of publishes) publish.resolve();
    for (let turn = 0; turn < 6; turn += 1) {
      turns.push([]);
      await settle(1);
    }
    expect(turns.filter(({ length }) => length > 0)).toEqual([[0], [1], [2]]);
  });

  it('resolves small publishes after the large ones before them, together', async () => {
    const { publisher, publishes } = setUp();
    const resolved: number[] = [];
    for (const [each, bytes] of [MIB, MIB, 200, 200, 200].entries()) {
      void publisher.submit([eventOf(bytes)]).then(() => resolved.push(each));
      await settle(1);
    }
    await settle();
    for (const publish of publishes) publish.resolve();
    await settle(1);
    expect(publisher.pendingBytes).toBe(0);
    await settle(4);
    expect(resolved).toEqual([0, 1, 2, 3, 4]);
  });

  it('resolves small publishes that end together in one turn of the event loop', async () => {
    const { publisher, publishes } = setUp();
    const resolved: number[] = [];
    for (let each = 0; each < 3; each += 1) {
      void publisher.submit([event()]).then(() => resolved.push(each));
      await settle(1);
    }
    await settle();
    for (const publish of publishes) publish.resolve();
    await settle(1);
    expect(resolved).toEqual([0, 1, 2]);
  });

  it('counts nothing at first', () => {
    expect(countsOf(setUp().publisher)).toEqual({ pendingBytes: 0, accepted: 0, failed: 0 });
  });

  it('counts the bytes of events until their publish resolves', async () => {
    const { publisher, publishes } = setUp();
    void publisher.submit([eventOf(500), eventOf(400)]);
    void publisher.submit([eventOf(300)]);
    expect(countsOf(publisher)).toEqual({ pendingBytes: 1_200, accepted: 0, failed: 0 });
    await settle();
    void publisher.submit([eventOf(600)]);
    publishes[0]?.resolve();
    await settle();
    expect(countsOf(publisher)).toEqual({ pendingBytes: 600, accepted: 3, failed: 0 });
    publishes[1]?.resolve();
    await settle();
    expect(countsOf(publisher)).toEqual({ pendingBytes: 0, accepted: 4, failed: 0 });
  });

  it('counts and reports the events of a publish that fails', async () => {
    const { publisher, publishes, rejected, failures } = setUp();
    const error = unavailable();
    for (const expected of [3, 6]) {
      const result = publisher.submit(events(3));
      await settle();
      publishes.at(-1)?.reject(error);
      await expect(result).rejects.toBe(error);
      await settle();
      expect(countsOf(publisher)).toEqual({ pendingBytes: 0, accepted: 0, failed: expected });
    }
    expect([rejected, failures]).toEqual([[], Array(2).fill([error, 3])]);
  });

  it('counts and reports the events that the broker rejects, and accepts the others', async () => {
    const error = new VigilantError('VIGILANT_EVENT_INVALID', 'too large');
    const rejected: VigilantError[] = [];
    const publisher = createGroupPublisher({
      publish: async (batch) => {
        if (batch.some(({ message }) => message === 'large')) throw error;
      },
      maxPendingBytes: MIB,
      onRejected: (reported) => rejected.push(reported),
      onFailure: () => expect.unreachable(),
    });
    const large = [event({ message: 'large' }), event({ message: 'large' })];
    const result = await publisher.submit([event(), ...large, event(), event()]);
    await settle();
    expect([...result]).toEqual(large.map((each) => [each, error]));
    expect(countsOf(publisher)).toEqual({ pendingBytes: 0, accepted: 3, failed: 2 });
    expect(rejected).toEqual([error, error]);
  });

  it('is drained once every publish has settled, including those that fail', async () => {
    const { publisher, publishes } = setUp();
    void publisher.submit([event()]);
    await settle();
    void publisher.submit([event()]);
    let isDrained = false;
    void publisher.drained().then(() => (isDrained = true));
    await settle();
    publishes[0]?.reject(unavailable());
    await settle();
    expect(isDrained).toBe(false);
    publishes[1]?.resolve();
    await settle();
    expect([isDrained, countsOf(publisher)]).toEqual([true, { pendingBytes: 0, accepted: 1, failed: 1 }]);
  });

  it('is drained at once while nothing is pending', async () => {
    const { publisher } = setUp();
    await publisher.drained();
    expect(publisher.pendingBytes).toBe(0);
  });
});
