import { createManualClock } from '../../src/util/clock';
import type { AdapterContext } from '../../src/contracts/context';
import type { Broker } from '../../src/contracts/broker';
import type { EventQuery } from '../../src/contracts/query';
import type { Diagnostic } from '../../src/util/diagnostics';
import { VigilantError } from '../../src/util/errors';
import type { Event } from '../../src/event/event';
import type { Filter } from '../../src/filter/ast';
import { MATCH_ALL } from '../../src/filter/ast';
import { createMemoryStore } from '../../src/memory/memory-store';
import type { Watch } from '../../src/util/watch';
import { createWatch } from '../../src/util/watch';
import { decodeTailCursor } from '../../src/query/cursor';
import { createTailHub } from '../../src/tail/tail-hub';
import type { TailReader } from '../../src/tail/tail-reader';
import type { TailItem } from '../../src/contracts/vigilant';
import { settle } from '../support';

/** Called while the hub waits until all events accepted before are stored. */
interface Options {
  isWatchBroken?: boolean;
  onOpen?: () => unknown;
  onSettle?: () => unknown;
}

/** Creates a hub on a store and watches that the test feeds. */
export async function setUp(options: Options = {}) {
  const clock = createManualClock();
  const store = createMemoryStore();
  await store.open({} as AdapterContext);
  const watches: Watch<Event>[] = [];
  const diagnostics: string[] = [];
  let attempts = 0;
  const broker = {
    async watch({ signal }: { signal: AbortSignal }) {
      attempts += 1;
      if (options.isWatchBroken) throw new VigilantError('VIGILANT_BROKER_UNAVAILABLE', 'no watch today');
      const watch = createWatch(new Set<Watch<Event>>(), 1_000_000, signal);
      watches.push(watch);
      return watch;
    },
  } as unknown as Broker;
  const hub = createTailHub({
    ...{ broker, store, clock },
    diagnostics: ({ level, component, code }: Diagnostic) =>
      diagnostics.push(`${level} ${component} ${code}`),
    open: async () => void (await options.onOpen?.()),
    settle: async () => options.onSettle?.(),
  });
  const join = (cursor?: string, checkpoints = false, filter: Filter = MATCH_ALL): TailReader =>
    hub.join({
      filter,
      checkpoints,
      maxBufferedBytes: 100_000_000,
      ...(cursor === undefined ? {} : { cursor: decodeTailCursor(cursor) }),
    });
  const watched = (...events: Event[]): void => watches.at(-1)?.push(events, 1);
  return { clock, store, hub, join, watched, watches, options, diagnostics, attempts: () => attempts };
}

export type SetUp = Awaited<ReturnType<typeof setUp>>;

/** Returns the waiting items of a reader, as ids or kinds of item. */
export async function read(reader: TailReader): Promise<string[]> {
  const items: string[] = [];
  for (;;) {
    const item = await Promise.race([reader.next(), settle(10).then(() => undefined)]);
    if (item === undefined) return items;
    items.push(item.type === 'event' ? item.event.id : item.type);
  }
}

/** Collects all items of a reader from now on. */
export function collect(reader: TailReader): TailItem[] {
  const items: TailItem[] = [];
  void (async () => {
    for (let item = await reader.next(); item !== undefined; item = await reader.next()) items.push(item);
  })();
  return items;
}

export const idOf = (item: TailItem): string => (item.type === 'event' ? item.event.id : item.type);
export const idsOf = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);
export const sequenceOf = ({ cursor }: TailItem): number => decodeTailCursor(cursor).sequence;

/** Records the queries of a store. */
export function spyOn({ store }: SetUp): EventQuery[] {
  const queries: EventQuery[] = [];
  const { query } = store;
  store.query = (request) => {
    queries.push(request);
    return query.call(store, request);
  };
  return queries;
}
