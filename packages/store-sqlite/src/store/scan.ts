import type {
  PageRows,
  RowEvent,
  ScanResult,
  ScanWindow,
  SqlCondition,
  WindowEnd,
} from '@vigilant/core/adapter';
import { encodeParts, scanWindows, timeRangeOf } from '@vigilant/core/adapter';
import { systemClock } from '@vigilant/core';
import type { SqliteConnection, SqlValue } from '../sqlite/driver';
import { packBytes } from '../thread/packing';
import type { WorkerCallContext } from '../thread/messages';
import { Transfer } from '../thread/messages';
import { compile } from './filter-sql';
import { readRow } from './row';
import type { PackedPage, ScanRequest } from './store-protocol';
import type { EventWalk } from './walk';
import { createWalk } from './walk';

/** Characters that one window may read into memory before it ends early. */
const WINDOW_CHARACTERS = 4 * 1024 * 1024;

/**
 * Finds a page of events, window by window.
 *
 * Between windows it can stop at a deadline or after a cancellation, and other calls of the thread run. No statement
 * stays open between windows, and no window reads more than some MiB of rows into memory.
 */
export async function scan(
  connection: SqliteConnection,
  request: ScanRequest,
  context: WorkerCallContext,
): Promise<Transfer> {
  const [epoch, lastSequence] = connection.prepare('SELECT epoch, last_sequence FROM store').get() as [
    string,
    number,
  ];
  const { filter, order, asOf = lastSequence } = request;
  const walk = createWalk(connection, order, asOf, timeRangeOf(filter));
  const condition = compile(filter);
  const page = new PackedEvents(request);
  const rest = await scanWindows(
    request,
    {
      clock: systemClock,
      epoch,
      lastSequence,
      isExact: condition.isExact,
      readWindow: (window) => readWindow(walk, condition, window),
      isInterrupted: () => context.isCancelled(),
    },
    page,
  );
  return page.pack(rest);
}

/** Reads the rows of a window; fewer if the page is full or the rows are large. */
function readWindow(
  walk: EventWalk,
  condition: SqlCondition<SqlValue>,
  { after, size, room, offer }: ScanWindow<RowEvent>,
): WindowEnd {
  const end = walk.skip(after, size);
  let characters = 0;
  for (const row of walk.rows(after, end, condition, condition.isExact ? room : size)) {
    const event = readRow(row);
    const isWanted = offer(event);
    characters += event.message.length + event.dataJson.length;
    if (isWanted && characters < WINDOW_CHARACTERS) continue;
    const stopped = { timestamp: event.micros, sequence: event.sequence };
    return { end: stopped, scanned: walk.count(after, stopped) };
  }
  return { end, scanned: end === undefined ? walk.count(after, end) : size };
}

/** The events of a page, encoded. */
class PackedEvents implements PageRows<RowEvent> {
  readonly #limit: number;
  readonly #maxBytes: number;
  readonly #encoded: Uint8Array[] = [];
  readonly #sequences: number[] = [];
  #bytes = 0;

  constructor({ limit, maxBytes }: ScanRequest) {
    this.#limit = limit;
    this.#maxBytes = maxBytes;
  }

  get count(): number {
    return this.#encoded.length;
  }

  get isFull(): boolean {
    return this.#encoded.length >= this.#limit || this.#bytes >= this.#maxBytes;
  }

  add(event: RowEvent): void {
    const encoded = encodeParts(event.head, event.dataJson);
    this.#encoded.push(encoded);
    this.#sequences.push(event.sequence);
    this.#bytes += encoded.byteLength;
  }

  pack(rest: ScanResult): Transfer {
    const chunks = packBytes(this.#encoded);
    const value: PackedPage = { chunks, sequences: this.#sequences, ...rest };
    return new Transfer(value, chunks);
  }
}
