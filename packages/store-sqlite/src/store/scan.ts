import { systemClock } from '@vigilant/core';
import type { PageRows, RowEvent, ScanResult } from '@vigilant/core/adapter';
import { scanWindows, widenFilter } from '@vigilant/core/adapter';
import type { SqliteConnection } from '../sqlite/driver';
import { inSnapshot } from '../sqlite/transaction';
import type { Transfer, WorkerCallContext } from '../thread/messages';
import { turns } from '../thread/turns';
import { PackedEvents } from './packed-events';
import { PackedLines } from './packed-lines';
import { recentWindows } from './recent-windows';
import type { ScanRequest } from './store-protocol';
import { Windows } from './windows';

/** A page that can be sent to the host. */
interface PackedPageRows extends PageRows<RowEvent> {
  pack(rest: ScanResult): Transfer;
}

/** Finds a page of events. */
export function scan(
  connection: SqliteConnection,
  request: ScanRequest,
  context: WorkerCallContext,
): Promise<Transfer> {
  return scanInto(new PackedEvents(request), connection, request, context);
}

/** Finds a page of events as lines of JSON. Returns `undefined` if the filter has parts of a later version. */
export async function scanLines(
  connection: SqliteConnection,
  request: ScanRequest,
  context: WorkerCallContext,
): Promise<Transfer | undefined> {
  if (!widenFilter(request.filter).isExact) return undefined;
  return scanInto(new PackedLines(request), connection, request, context);
}

/**
 * Fills a page with events, window by window.
 *
 * Between windows it can stop at a deadline or after a cancellation, and other calls of the thread run. No statement
 * stays open between windows, and no window reads more than some MiB of rows into memory.
 */
async function scanInto(
  page: PackedPageRows,
  connection: SqliteConnection,
  request: ScanRequest,
  context: WorkerCallContext,
): Promise<Transfer> {
  const startedAt = systemClock.monotonic();
  await turns.next();
  const [epoch, lastSequence] = connection.prepare('SELECT epoch, last_sequence FROM store').get() as [
    string,
    number,
  ];
  const { filter, order, after, asOf = lastSequence } = request;
  const query = { filter, order, asOf };
  const recent = recentWindows(connection);
  const windows = recent.take(query, after) ?? new Windows(connection, query);
  const rest = await scanWindows(
    request,
    {
      clock: systemClock,
      startedAt,
      epoch,
      lastSequence,
      isExact: false,
      readWindow: (window) => inSnapshot(connection, () => windows.read(window)),
      isInterrupted: () => context.isCancelled(),
      nextTurn: () => turns.next(),
    },
    page,
  );
  recent.keep(windows, rest.next);
  return page.pack(rest);
}
