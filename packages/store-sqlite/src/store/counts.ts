import type { Block, BlockCounter, BlockHeader, RowSet } from '@vigilant/blocks';
import {
  compileMatchingRows,
  countGroups,
  createFacetCounter,
  createHistogramCounter,
  intersect,
  rowsWhere,
  withinRange,
} from '@vigilant/blocks';
import type {
  Clock,
  CountQuery,
  FacetQuery,
  Facets,
  Filter,
  Histogram,
  HistogramQuery,
} from '@vigilant/core';
import { systemClock } from '@vigilant/core';
import type { SqlCondition } from '@vigilant/core/adapter';
import { createMatcher, widenFilter } from '@vigilant/core/adapter';
import type { SealedBlocks } from '../blocks/sealed-blocks';
import { sealedBlocks } from '../blocks/sealed-blocks';
import { compile } from '../rows/filter-sql';
import { COLUMNS, readRow } from '../rows/row';
import type { SqliteConnection, SqlValue } from '../sqlite/driver';
import { inSnapshot } from '../sqlite/transaction';
import type { WorkerCallContext } from '../thread/messages';
import { turns } from '../thread/turns';

/** Rows that are counted together. */
const STEP_ROWS = 4_096;

/** Time after which other calls run, in milliseconds. A block takes up to 1 ms. */
const TURN_MS = 5;

/** The part of a count that the thread needs. Signals do not cross threads. */
type Request<T extends CountQuery> = Omit<T, 'signal'>;

/** How a count has ended. */
type CountEnd = Required<Pick<Histogram, 'complete' | 'epoch' | 'asOf' | 'statistics'>>;

/** Counts events per bucket of time. */
export async function histogram(
  connection: SqliteConnection,
  request: Request<HistogramQuery>,
  context: WorkerCallContext,
  clock: Clock = systemClock,
): Promise<Histogram> {
  const { filter, isExact } = widenFilter(request.filter);
  const counter = createHistogramCounter({ ...request, filter });
  const end = await new Count(connection, withinRange(request, filter), counter, clock).run(request, context);
  const { buckets, exact } = counter.histogram(end.complete);
  return { buckets, exact: exact && isExact, ...end };
}

/** Finds the most frequent values of fields. */
export async function facets(
  connection: SqliteConnection,
  request: Request<FacetQuery>,
  context: WorkerCallContext,
  clock: Clock = systemClock,
): Promise<Facets> {
  const { filter, isExact } = widenFilter(request.filter);
  const counter = createFacetCounter({ ...request, filter });
  const end = await new Count(connection, filter, counter, clock).run(request, context);
  return { facets: counter.facets(end.complete && isExact), ...end };
}

/**
 * Counts the rows of the table, the newest first, then the blocks. Other calls run between the turns.
 *
 * Meanwhile rows may be sealed, the oldest first. Those that are not counted yet are then in blocks, which are listed last.
 */
class Count {
  readonly #connection: SqliteConnection;
  readonly #condition: SqlCondition<SqlValue>;
  readonly #counter: BlockCounter;
  readonly #blocks: SealedBlocks;
  readonly #clock: Clock;
  readonly #matches: ReturnType<typeof createMatcher>;
  readonly #matchingRows: (block: Block) => RowSet;
  /** Events before this sequence are not counted yet. */
  #before = Infinity;
  #scanned = 0;

  constructor(connection: SqliteConnection, filter: Filter, counter: BlockCounter, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
    this.#condition = compile(filter);
    this.#counter = counter;
    this.#blocks = sealedBlocks(connection);
    this.#matches = createMatcher(filter);
    this.#matchingRows = compileMatchingRows(filter);
  }

  async run({ deadlineMs = Infinity }: Request<CountQuery>, context: WorkerCallContext): Promise<CountEnd> {
    const startedAt = this.#clock.monotonic();
    const elapsedMs = (): number => this.#clock.monotonic() - startedAt;
    const [epoch, asOf] = this.#connection.prepare('SELECT epoch, last_sequence FROM store').get() as [
      string,
      number,
    ];
    this.#before = asOf + 1;
    const steps = this.#steps();
    let complete = false;
    do {
      await turns.next();
      if (context.isCancelled()) break;
      complete = this.#isLastTurn(steps);
    } while (!complete && elapsedMs() < deadlineMs);
    return { complete, epoch, asOf, statistics: { scanned: this.#scanned, elapsedMs: elapsedMs() } };
  }

  /** Runs the next steps on a snapshot, for a while. Returns whether none is left. */
  #isLastTurn(steps: Iterator<void, void>): boolean {
    const end = this.#clock.monotonic() + TURN_MS;
    return inSnapshot(this.#connection, () => {
      this.#blocks.refresh();
      for (;;) {
        if (steps.next().done === true) return true;
        if (this.#clock.monotonic() >= end) return false;
      }
    });
  }

  *#steps(): Generator<void, void> {
    for (let from = this.#nextFrom(); ; from = this.#nextFrom()) {
      this.#countRows(from ?? 0);
      if (from === undefined) break;
      this.#before = from;
      yield;
    }
    yield* this.#countBlocks();
  }

  /** Returns the sequence with which the next step of rows ends, or `undefined` if it is the last one. */
  #nextFrom(): number | undefined {
    const row = this.#connection
      .prepare(
        `SELECT sequence FROM event WHERE sequence < ? ORDER BY sequence DESC LIMIT 1 OFFSET ${STEP_ROWS}`,
      )
      .get(this.#before);
    return row?.[0] as number | undefined;
  }

  /** Counts the rows from a sequence on. */
  #countRows(from: number): void {
    const { sql, parameters } = this.#condition;
    const rows = this.#connection
      .prepare(`SELECT ${COLUMNS} FROM event WHERE sequence >= ? AND sequence < ? AND (${sql})`)
      .iterate(from, this.#before, ...parameters);
    for (const row of rows) {
      const event = readRow(row);
      this.#scanned += 1;
      if (this.#matches(event)) this.#counter.addEvent(event);
    }
  }

  *#countBlocks(): Generator<void, void> {
    const headers = this.#blocks.headers.filter(({ firstSequence }) => firstSequence < this.#before);
    const partly = headers.at(-1);
    if (partly !== undefined && partly.lastSequence >= this.#before) {
      // Some of its events were counted while they were rows.
      headers.pop();
      const block = this.#blocks.open(partly);
      const rest = block.read('sequence', (column) =>
        rowsWhere(partly.count, (row) => column.get(row) < this.#before),
      );
      this.#counter.addRows(block, intersect(rest, this.#rowsOf(block)), {});
    }
    const access = {
      open: (header: BlockHeader) => this.#blocks.open(this.#blocks.find(header.firstSequence) ?? header),
      rowsOf: (block: Block) => this.#rowsOf(block),
    };
    for (const _ of countGroups(this.#counter, this.#blocks.groupsOf(headers), access)) yield;
  }

  #rowsOf(block: Block): RowSet {
    // It may have been pruned since it was listed.
    if (this.#blocks.find(block.header.firstSequence) === undefined) return 'none';
    this.#scanned += block.header.count;
    return this.#matchingRows(block);
  }
}
