import assert from 'node:assert/strict';
import { isVigilantError } from '@vigilant/core';
import type { Broker, Event } from '@vigilant/core';
import { sampleEvent, sampleEvents } from '../samples';
import { never } from '../waiting';
import { idsOf } from './consumer';
import type { BrokerCase, BrokerFixture } from './fixture';

/** Reads a watch until the event with this id arrives. Returns the ids of all events, each once. */
async function seenUntil(
  { within }: BrokerFixture,
  watch: AsyncIterable<readonly Event[]>,
  id: string,
): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const read = async (): Promise<ReadonlySet<string>> => {
    for await (const events of watch) {
      for (const event of events) seen.add(event.id);
      if (seen.has(id)) return seen;
    }
    return assert.fail('The watch ended.');
  };
  return within('an event in a watch', read());
}

async function publishEach(broker: Broker, batches: readonly (readonly Event[])[]): Promise<void> {
  for (const batch of batches) await broker.publish(batch);
}

function missing(batches: readonly (readonly Event[])[], seen: ReadonlySet<string>): readonly string[] {
  return batches.flat().flatMap(({ id }) => (seen.has(id) ? [] : [id]));
}

/** Watching events as they are published. */
export const watchCases: readonly BrokerCase[] = [
  {
    id: 'broker/watch/nothing-missed',
    behaviour: 'returns everything published after watch resolved, including before the first read',
    async run(fixture) {
      const { broker } = fixture;
      await broker.publish(sampleEvents(5));
      const watch = await broker.watch({ signal: never });
      const early = Array.from({ length: 20 }, () => sampleEvents(5));
      await publishEach(broker, early);
      const late = Array.from({ length: 20 }, () => sampleEvents(5));
      const last = sampleEvent();
      const publishing = publishEach(broker, [...late, [last]]);
      const seen = await seenUntil(fixture, watch, last.id);
      await publishing;
      assert.deepEqual(missing([...early, ...late], seen), []);
    },
  },
  {
    id: 'broker/watch/every-field',
    behaviour: 'returns every field of every event unchanged',
    async run({ broker, within }) {
      const watch = (await broker.watch({ signal: never }))[Symbol.asyncIterator]();
      const event = sampleEvent({ message: '😀 "x"', data: { a: [1, null, { b: 0.1 }] }, tags: ['b', 'a'] });
      await broker.publish([event]);
      const { value } = await within('an event in a watch', watch.next());
      assert.deepEqual({ ...(value as readonly Event[])[0] }, event);
      await watch.return?.();
    },
  },
  {
    id: 'broker/watch/several',
    behaviour: 'returns every event to each of several watchers and acknowledges nothing',
    async run(fixture) {
      const { broker, consume } = fixture;
      const watches = [await broker.watch({ signal: never }), await broker.watch({ signal: never })];
      const batches = [sampleEvents(5), [sampleEvent()]];
      const last = batches[1]?.[0] as Event;
      await publishEach(broker, batches);
      for (const watch of watches)
        assert.deepEqual(missing(batches, await seenUntil(fixture, watch, last.id)), []);
      assert.equal(broker.status().pendingEvents, 6);
      assert.equal(idsOf(await consume(broker).until(6)).length, 6);
    },
  },
  {
    id: 'broker/watch/all-processes',
    behaviour: 'returns the events of every process',
    needs: ['shared'],
    async run(fixture) {
      const { broker, peer } = fixture;
      const other = await peer();
      const watches = [await broker.watch({ signal: never }), await other.watch({ signal: never })];
      const own = Array.from({ length: 10 }, () => sampleEvents(3));
      const remote = Array.from({ length: 10 }, () => sampleEvents(3));
      const last = [sampleEvent(), sampleEvent()] as const;
      await Promise.all([publishEach(broker, own), publishEach(other, remote)]);
      await publishEach(broker, [[last[0]]]);
      await publishEach(other, [[last[1]]]);
      for (const watch of watches) {
        // Either of the two may arrive last.
        const seen = new Set<string>();
        const read = async (): Promise<void> => {
          for await (const events of watch) {
            for (const { id } of events) seen.add(id);
            if (last.every(({ id }) => seen.has(id))) return;
          }
        };
        await fixture.within('events of all processes in a watch', read());
        assert.deepEqual(missing([...own, ...remote], seen), []);
      }
    },
  },
  {
    id: 'broker/watch/overflow',
    behaviour: 'ends a slow watcher with VIGILANT_WATCH_OVERFLOW and does not affect others',
    async run(fixture) {
      const { broker, within } = fixture;
      const slow = await broker.watch({ signal: never, maxBufferedBytes: 10_000 });
      const other = await broker.watch({ signal: never });
      const batches = Array.from({ length: 30 }, () => sampleEvents(1, { message: 'm'.repeat(2_000) }));
      const last = sampleEvent();
      const seen = seenUntil(fixture, other, last.id);
      await publishEach(broker, [...batches, [last]]);
      assert.deepEqual(missing(batches, await seen), []);
      const readSlow = async (): Promise<unknown> => {
        try {
          for await (const events of slow) if (events.some(({ id }) => id === last.id)) return 'everything';
          return 'an end without an error';
        } catch (error) {
          return error;
        }
      };
      const outcome = await within('the end of a watch that overflowed', readSlow());
      assert.ok(
        isVigilantError(outcome) && outcome.code === 'VIGILANT_WATCH_OVERFLOW',
        `A watch that overflowed must end with VIGILANT_WATCH_OVERFLOW, not with ${String(outcome)}.`,
      );
    },
  },
  {
    id: 'broker/watch/signal',
    behaviour: 'ends without an error when its signal is aborted, even while it waits',
    async run({ broker, within }) {
      const controller = new AbortController();
      const watch = (await broker.watch({ signal: controller.signal }))[Symbol.asyncIterator]();
      const waiting = watch.next();
      controller.abort();
      assert.equal((await within('the end of a watch', waiting)).done, true);
      await broker.publish([sampleEvent()]);
      assert.equal((await within('the end of a watch', watch.next())).done, true);
      const over = (await broker.watch({ signal: controller.signal }))[Symbol.asyncIterator]();
      assert.equal((await within('the end of a watch', over.next())).done, true);
    },
  },
];
