import type { Clock } from '../clock';
import type { CountField, EventQuery } from '../contracts/query';
import type { Store } from '../contracts/store';
import { VigilantError } from '../errors';
import { fromMicros, toMicros } from '../event/micros';
import type { Filter } from '../filter/ast';
import { formatCountField, parseCountField } from '../filter/count-field';
import { formatFilter } from '../filter/format';
import { resolveFilter } from '../filter/resolve';
import { toFilter } from '../filter/to-filter';
import { sharedSignal } from '../shared-signal';
import type {
  FacetOptions,
  FacetResult,
  FilterInput,
  FreshOptions,
  Freshness,
  HistogramOptions,
  HistogramResult,
  QueryOptions,
  QueryResult,
  Vigilant,
} from '../vigilant';
import type { BucketPlan } from './buckets';
import { planBuckets } from './buckets';
import { facetsOfRows, histogramOfRows } from './count';
import type { PageCursor } from './cursor';
import { decodePageCursor, encodePageCursor, encodeTailCursor, hashQuery } from './cursor';
import { find } from './find';
import { checkInteger } from './limits';
import { withinRange } from './time-range';

const MIB = 1024 * 1024;
const DEFAULT_DEADLINE_MS = 10_000;
const MAX_DEADLINE_MS = 600_000;
const FACET_FIELDS = ['level', 'origin', 'source', 'type', 'group', 'tags'];

/** What a reader works with. */
export interface ReaderParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly freshMs: number;
  /** Waits until what was accepted before is stored. */
  readonly refresh: (timeoutMs: number, signal?: AbortSignal) => Promise<Freshness>;
  /** Opens the store, if need be. */
  readonly open: () => Promise<void>;
}

/** Answers questions about stored events. */
export type Reader = Pick<Vigilant, 'get' | 'query' | 'histogram' | 'facets'>;

/** Creates a reader on a store. */
export function createReader({ store, clock, freshMs, refresh, open }: ReaderParts): Reader {
  const freshen = (options: FreshOptions): Promise<Freshness> =>
    refresh(
      checkInteger('freshMs', options.freshMs ?? freshMs, 0, MAX_DEADLINE_MS),
      sharedSignal(options.signal),
    );

  const query = async (input: FilterInput = '', options: QueryOptions = {}): Promise<QueryResult> => {
    const order = options.order ?? 'newest';
    if (!['newest', 'oldest', 'arrival'].includes(order))
      throw new VigilantError('VIGILANT_QUERY_INVALID', 'order must be newest, oldest or arrival.');
    const limit = checkInteger('limit', options.limit ?? 100, 1, 10_000);
    const maxBytes = checkInteger('maxBytes', options.maxBytes ?? 8 * MIB, 1, 256 * MIB);
    const filter = withinRange(toFilter(input), options);
    const hash = hashQuery(formatFilter(filter));
    const cursor = options.cursor === undefined ? undefined : checkCursor(options.cursor, order, hash);
    await open();
    const freshness: Freshness = cursor === undefined ? await freshen(options) : { complete: true };
    const now = cursor?.now ?? clock.now();
    const page = await find(
      store,
      {
        filter: resolveFilter(filter, now),
        order,
        limit,
        maxBytes,
        ...bounds(options),
        ...(cursor === undefined ? {} : { after: cursor.after, asOf: cursor.asOf }),
      },
      clock,
    );
    const { events, epoch, asOf, next, complete, statistics } = page;
    if (cursor !== undefined && cursor.epoch !== epoch) throw foreignEpoch();
    return {
      events,
      ...(next === undefined
        ? {}
        : { nextCursor: encodePageCursor({ epoch, order, hash, now, asOf, after: next }) }),
      tailCursor: encodeTailCursor({ epoch, sequence: asOf }),
      complete,
      freshness,
      ...(statistics === undefined ? {} : { statistics }),
    };
  };

  const histogram = async (
    input: FilterInput = '',
    options: HistogramOptions = {},
  ): Promise<HistogramResult> => {
    const most = checkInteger('buckets', options.buckets ?? 60, 1, 1_000);
    const by = parseCountField(options.by ?? 'level');
    const unresolved = withinRange(toFilter(input), options);
    const freshness = await freshen(options);
    const filter = resolveFilter(unresolved, clock.now());
    const range = await timeSpan(filter, options);
    if (range === undefined)
      return { buckets: [], from: 0, until: 0, bucketMs: 0, exact: true, complete: true, freshness };
    const plan: BucketPlan = planBuckets(range.from, range.until, most);
    const request = { filter, by, ...plan, ...bounds(options) };
    const result = await (store.histogram?.(request) ?? histogramOfRows(store, request, clock));
    return {
      buckets: result.buckets.map(({ start, counts }) => ({ start: fromMicros(start), counts })),
      from: fromMicros(plan.from),
      until: fromMicros(plan.until),
      bucketMs: fromMicros(plan.bucketMicros),
      exact: result.exact,
      complete: result.complete,
      freshness,
    };
  };

  const facets = async (input: FilterInput = '', options: FacetOptions = {}): Promise<FacetResult> => {
    const limit = checkInteger('limit', options.limit ?? 10, 1, 1_000);
    const fields: readonly CountField[] = (options.fields ?? FACET_FIELDS).map(parseCountField);
    checkInteger('fields', fields.length, 1, 20);
    const unresolved = withinRange(toFilter(input), options);
    const freshness = await freshen(options);
    const request = { filter: resolveFilter(unresolved, clock.now()), fields, limit, ...bounds(options) };
    const counted = await (store.facets?.(request) ??
      facetsOfRows(store, request, clock).then((r) => r.facets));
    return {
      facets: counted.map((facet) => ({ ...facet, field: formatCountField(facet.field) })),
      complete: counted.every(({ exact }) => exact),
      freshness,
    };
  };

  /** From the earliest matching event to behind the latest, in microseconds. */
  const timeSpan = async (
    filter: Filter,
    options: HistogramOptions,
  ): Promise<{ from: number; until: number } | undefined> => {
    const edge = async (order: 'oldest' | 'newest'): Promise<number | undefined> => {
      const request = { filter, order, limit: 1, maxBytes: MIB, ...bounds(options) };
      const [event] = (await find(store, request, clock)).events;
      return event === undefined ? undefined : toMicros(event.timestamp);
    };
    const from = await edge('oldest');
    const last = from === undefined ? undefined : await edge('newest');
    return from === undefined || last === undefined ? undefined : { from, until: last + 1 };
  };

  return {
    async get(id, options = {}) {
      await open();
      const found = await store.get(id);
      if (found !== undefined) return found;
      await freshen(options);
      return store.get(id);
    },
    query,
    histogram,
    facets,
  };
}

function bounds(
  options: QueryOptions | HistogramOptions | FacetOptions,
): Pick<EventQuery, 'deadlineMs' | 'signal'> {
  const deadlineMs = checkInteger(
    'deadlineMs',
    options.deadlineMs ?? DEFAULT_DEADLINE_MS,
    1,
    MAX_DEADLINE_MS,
  );
  const signal = sharedSignal(options.signal);
  return signal === undefined ? { deadlineMs } : { deadlineMs, signal };
}

function checkCursor(text: string, order: PageCursor['order'], hash: string): PageCursor {
  const cursor = decodePageCursor(text);
  if (cursor.order === order && cursor.hash === hash) return cursor;
  throw new VigilantError(
    'VIGILANT_CURSOR_INVALID',
    'The cursor belongs to another filter, range or order; repeat those of its first page, or start again without it.',
  );
}

function foreignEpoch(): VigilantError {
  return new VigilantError(
    'VIGILANT_CURSOR_INVALID',
    'The cursor belongs to another store, or to this one before it was restored; start again without it.',
  );
}
