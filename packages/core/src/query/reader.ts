import type { Clock } from '../util/clock';
import type { BarrierResult } from '../contracts/broker';
import type { EventQuery } from '../contracts/query';
import type { Store } from '../contracts/store';
import { fromMicros } from '../event/timestamp';
import type { StoredEvent } from '../event/event';
import type { Filter } from '../filter/ast';
import { formatCountField, parseCountField, parseCountFields } from '../filter/count-field';
import { resolveFilter } from '../filter/time';
import { toFilter } from '../filter/to-filter';
import type {
  Beyond,
  FacetOptions,
  FacetResult,
  FilterInput,
  FreshOptions,
  GetOptions,
  HistogramOptions,
  HistogramResult,
  QueryOptions,
  QueryResult,
  Vigilant,
} from '../contracts/vigilant';
import { countBeyond } from './beyond';
import { planBuckets } from './buckets';
import type { Budget } from './budget';
import { checkDeadline, createBudget } from './budget';
import { facetsOfRows, histogramOfRows } from './count';
import { encodeTailCursor } from './cursor';
import { checkInteger, checkOptions, checkText } from './argument-checks';
import { findBoundedPage } from './bounded-page';
import type { CheckedQuery } from './checked-query';
import { checkQuery, endOfPage } from './checked-query';
import type { LinesResult, QueryLines } from './query-lines';
import { storeAnswer, timelyAnswer } from './store-answer';
import type { BoundedFilter } from './time-range';
import { addDefaultEnd, withinRange } from './time-range';
import { findTimeSpan } from './time-span';

const MAX_FRESH_MS = 600_000;
const FACET_FIELDS = ['level', 'origin', 'source', 'type', 'group', 'tags'];

const TIMED_OPTIONS = ['freshMs', 'signal', 'deadlineMs'];
const RANGE_OPTIONS = [...TIMED_OPTIONS, 'since', 'until'];
const QUERY_OPTIONS = ['order', 'limit', 'cursor', 'maxBytes', ...RANGE_OPTIONS];
const HISTOGRAM_OPTIONS = ['buckets', 'by', 'limit', ...RANGE_OPTIONS];
const FACET_OPTIONS = ['fields', 'limit', ...RANGE_OPTIONS];

/** Dependencies of a reader. */
export interface ReaderParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly freshMs: number;
  /** Waits until the events accepted so far are stored. The adapters must be open. */
  readonly refresh: (timeoutMs: number, signal?: AbortSignal) => Promise<BarrierResult>;
  /** Opens the adapters, if need be, within the limits of a call. @throws {VigilantError} once the deadline has passed */
  readonly open: (limits: ReturnType<Budget>) => Promise<void>;
}

/** Queries stored events. */
export interface Reader extends Pick<Vigilant, 'get' | 'query' | 'histogram' | 'facets'> {
  readonly queryLines: QueryLines;
}

/** Creates a reader on a store. */
export function createReader(parts: ReaderParts): Reader {
  return new StoreReader(parts);
}

/** A checked query whose store is open. */
interface OpenedQuery {
  readonly query: CheckedQuery;
  /** The time that relative times refer to, in milliseconds since the epoch. */
  readonly now: number;
  /** The filter of the caller, without relative times. */
  readonly requested: Filter;
  /** The same with the default end, see `addDefaultEnd`. */
  readonly bounded: BoundedFilter;
  readonly position: Pick<EventQuery, 'after' | 'asOf'>;
  readonly budget: Budget;
  readonly freshness: BarrierResult;
}

/** A checked count whose store is open. */
interface OpenedCount {
  /** The filter of the caller, without relative times. */
  readonly requested: Filter;
  /** The same with the default end, see `addDefaultEnd`. */
  readonly bounded: BoundedFilter;
  readonly nowMs: number;
  readonly budget: Budget;
  readonly freshness: BarrierResult;
  readonly beyond: Beyond;
}

class StoreReader implements Reader {
  readonly #parts: ReaderParts;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  async get(id: string, options: GetOptions = {}): Promise<StoredEvent | undefined> {
    checkText('id', id);
    checkOptions('get()', options, TIMED_OPTIONS);
    const { store, clock, open } = this.#parts;
    const freshMs = this.#checkFreshMs(options);
    const budget = createBudget(clock, checkDeadline(options.deadlineMs, freshMs), options.signal);
    await open(budget());
    const found = await storeAnswer(store.get(id), clock, budget());
    if (found !== undefined) return found;
    await this.#freshen(freshMs, budget);
    return storeAnswer(store.get(id), clock, budget());
  }

  async query(input: FilterInput = '', options: QueryOptions = {}): Promise<QueryResult> {
    const { store, clock } = this.#parts;
    const { query, now, requested, bounded, position, budget, freshness } = await this.#openQuery(
      input,
      options,
    );
    const { order, limit, maxBytes } = query;
    const rest = { order, limit, maxBytes, ...position };
    const { page, beyond } = await findBoundedPage({ store, clock, budget, requested, bounded, rest });
    const { events, epoch, asOf, statistics } = page;
    return {
      events,
      ...endOfPage(query, now, page),
      tailCursor: encodeTailCursor({ epoch, sequence: asOf }),
      ...beyond,
      freshness,
      ...(statistics === undefined ? {} : { statistics }),
    };
  }

  async queryLines(input: FilterInput = '', options: QueryOptions = {}): Promise<LinesResult | undefined> {
    const { store, clock } = this.#parts;
    if (store.queryLines === undefined) return undefined;
    const { query, now, bounded, position, budget } = await this.#openQuery(input, options);
    const { order, limit, maxBytes } = query;
    const request = { filter: bounded.filter, order, limit, maxBytes, ...position, ...budget() };
    const page = await timelyAnswer(store.queryLines(request), clock, request);
    if (page === undefined) return undefined;
    const { chunks, count } = page;
    return { chunks, count, ...endOfPage(query, now, page) };
  }

  async histogram(input: FilterInput = '', options: HistogramOptions = {}): Promise<HistogramResult> {
    checkOptions('histogram()', options, HISTOGRAM_OPTIONS);
    const { store, clock } = this.#parts;
    const { buckets: maxBuckets = 60, limit = 50, by: fieldName = 'level' } = options;
    checkInteger('buckets', maxBuckets, 1, 1_000);
    checkInteger('limit', limit, 1, 1_000);
    const by = parseCountField(fieldName);
    const { requested, bounded, nowMs, budget, freshness, beyond } = await this.#openCount(input, options);
    const { filter } = bounded;
    const { span, complete } = await findTimeSpan({ store, clock, requested, filter, nowMs, budget });
    if (span === undefined)
      return {
        buckets: [],
        from: 0,
        until: 0,
        bucketMs: 0,
        exact: complete,
        complete,
        ...beyond,
        freshness,
      };
    const plan = planBuckets(span.from, span.until, maxBuckets);
    const request = { filter, by, limit, ...plan, ...budget() };
    const result = await (store.histogram === undefined
      ? histogramOfRows(store, request, clock)
      : timelyAnswer(store.histogram(request), clock, request));
    return {
      buckets: result.buckets.map(({ start, ...counts }) => ({ start: fromMicros(start), ...counts })),
      from: fromMicros(plan.from),
      until: fromMicros(plan.until),
      bucketMs: fromMicros(plan.bucketMicros),
      exact: result.exact,
      complete: result.complete,
      ...beyond,
      freshness,
      ...(result.statistics === undefined ? {} : { statistics: result.statistics }),
    };
  }

  async facets(input: FilterInput = '', options: FacetOptions = {}): Promise<FacetResult> {
    checkOptions('facets()', options, FACET_OPTIONS);
    const { store, clock } = this.#parts;
    const { fields: fieldNames = FACET_FIELDS, limit = 10 } = options;
    checkInteger('limit', limit, 1, 1_000);
    const fields = parseCountFields(fieldNames);
    const { bounded, budget, freshness, beyond } = await this.#openCount(input, options);
    const request = { filter: bounded.filter, fields, limit, ...budget() };
    const result = await (store.facets === undefined
      ? facetsOfRows(store, request, clock)
      : timelyAnswer(store.facets(request), clock, request));
    return {
      facets: result.facets.map((facet) => ({ ...facet, field: formatCountField(facet.field) })),
      complete: result.complete,
      ...beyond,
      freshness,
      ...(result.statistics === undefined ? {} : { statistics: result.statistics }),
    };
  }

  /** Checks the arguments of a query, opens the store and, for a first page, waits for freshness. */
  async #openQuery(input: FilterInput, options: QueryOptions): Promise<OpenedQuery> {
    checkOptions('query()', options, QUERY_OPTIONS);
    const { clock, open } = this.#parts;
    const freshMs = this.#checkFreshMs(options);
    const deadlineMs = checkDeadline(options.deadlineMs, freshMs);
    const query = checkQuery(input, options, clock.now());
    const { order, cursor } = query;
    const budget = createBudget(clock, deadlineMs, options.signal);
    await open(budget());
    const freshness = cursor === undefined ? await this.#freshen(freshMs, budget) : { complete: true };
    const now = cursor?.now ?? clock.now();
    const requested = resolveFilter(query.filter, now);
    // The order `arrival` is for copying everything.
    const bounded: BoundedFilter =
      order === 'arrival' ? { filter: requested } : addDefaultEnd(requested, now);
    const position = cursor === undefined ? {} : { after: cursor.after, asOf: cursor.asOf };
    return { query, now, requested, bounded, position, budget, freshness };
  }

  /** Checks the filter and the options that all counts share, opens the store and waits for freshness. */
  async #openCount(input: FilterInput, options: HistogramOptions | FacetOptions): Promise<OpenedCount> {
    const { store, clock, open } = this.#parts;
    const freshMs = this.#checkFreshMs(options);
    const deadlineMs = checkDeadline(options.deadlineMs, freshMs);
    const unresolved = withinRange(toFilter(input), options, clock.now());
    const budget = createBudget(clock, deadlineMs, options.signal);
    await open(budget());
    const freshness = await this.#freshen(freshMs, budget);
    const nowMs = clock.now();
    const requested = resolveFilter(unresolved, nowMs);
    const bounded = addDefaultEnd(requested, nowMs);
    const beyond = await countBeyond(store, clock, bounded, budget);
    return { requested, bounded, nowMs, budget, freshness, beyond };
  }

  #checkFreshMs({ freshMs = this.#parts.freshMs }: FreshOptions): number {
    return checkInteger('freshMs', freshMs, 0, MAX_FRESH_MS);
  }

  /** Waits for freshness, at most half of the remaining time, so that the rest is left to the search. */
  #freshen(freshMs: number, budget: Budget): Promise<BarrierResult> {
    const { deadlineMs, signal } = budget();
    return this.#parts.refresh(Math.min(freshMs, deadlineMs / 2), signal);
  }
}
