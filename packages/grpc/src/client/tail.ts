import type { ServiceError } from '@grpc/grpc-js';
import type { Clock, FilterInput, TailItem, TailOptions } from '@vigilant/core';
import { isVigilantError } from '@vigilant/core';
import type { Recent } from '@vigilant/core/adapter';
import { backOffMs, checkOptions, createRecent, sharedSignal, sleep } from '@vigilant/core/adapter';
import type { TailEventsRequest, TailEventsResponse } from '../generated/vigilant-v1';
import { DataFormat, Gap_Reason as Reason } from '../generated/vigilant-v1';
import { fromEventMessage } from '../wire/event';
import { toNumber } from '../wire/int64';
import type { Connection } from './connection';
import { toFailure } from './failure';
import { checkCursor, toFilterText } from './query';

/** Options of the client's `tail`. */
export type ClientTailOptions = Pick<TailOptions, 'cursor' | 'checkpoints' | 'signal'>;

type GapReason = Extract<TailItem, { type: 'gap' }>['reason'];

/** Number of recent ids by which events that a resumed tail repeats are dropped. */
const MAX_RECENT_IDS = 10_000;

const BACK_OFF = { firstMs: 100, maxMs: 10_000 };

const REASONS: ReadonlyMap<number, GapReason> = new Map([
  [Reason.REASON_SLOW, 'slow'],
  [Reason.REASON_PRUNED, 'pruned'],
  [Reason.REASON_EPOCH, 'epoch'],
]);

/** Follows events. Continues after the last cursor when the connection is lost. */
export function tail(
  connection: Connection,
  clock: Clock,
  closed: AbortSignal,
  filter: FilterInput,
  options: ClientTailOptions,
): AsyncIterableIterator<TailItem> {
  checkOptions('tail()', options, ['cursor', 'checkpoints', 'signal']);
  if (options.cursor !== undefined) checkCursor(options.cursor);
  const ended = new AbortController();
  const signals = [ended.signal, closed];
  const signal = sharedSignal(options.signal);
  if (signal !== undefined) signals.push(signal);
  const items = follow(connection, clock, AbortSignal.any(signals), filter, options);
  return {
    next: () => items.next(),
    async return() {
      // Ends a pending `next()` too.
      ended.abort();
      return items.return(undefined);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* follow(
  connection: Connection,
  clock: Clock,
  signal: AbortSignal,
  filter: FilterInput,
  { cursor: start = '', checkpoints = false }: ClientTailOptions,
): AsyncGenerator<TailItem, undefined> {
  const request = { filter: toFilterText(filter), dataFormat: DataFormat.DATA_FORMAT_JSON };
  const recentIds = createRecent<true>(MAX_RECENT_IDS);
  let cursor = start;
  let failures = 0;
  while (!signal.aborted) {
    const stream = connection.stream('TailEvents', { ...request, cursor } satisfies TailEventsRequest);
    const cancel = (): void => stream.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      for await (const bytes of stream) {
        failures = 0;
        const item = toItem(connection.decode<TailEventsResponse>('TailEvents', bytes as Uint8Array));
        cursor = item.cursor;
        if (item.type === 'checkpoint' && !checkpoints) continue;
        if (item.type === 'event' && !addId(recentIds, item.event.id)) continue;
        yield item;
      }
    } catch (error) {
      if (signal.aborted) return undefined;
      if (isVigilantError(error)) throw error;
      const failure = toFailure(error as ServiceError, 'VIGILANT_STORE_UNAVAILABLE');
      if (failure.isFinal) throw failure.error;
    } finally {
      signal.removeEventListener('abort', cancel);
      stream.on('error', () => {});
      stream.cancel();
    }
    failures += 1;
    const pauseMs = backOffMs(BACK_OFF, failures, Math.random);
    await sleep(clock, pauseMs, signal, { keepAlive: true }).catch(() => {});
  }
  return undefined;
}

/** Adds an id; returns `false` if it is already present. */
function addId(ids: Recent<true>, id: string): boolean {
  if (ids.get(id) === true) return false;
  ids.set(id, true);
  return true;
}

function toItem({ cursor = '', event, gap }: TailEventsResponse): TailItem {
  if (event !== undefined) {
    const { sequence: _, ...shown } = fromEventMessage(event);
    return { type: 'event', event: shown, cursor };
  }
  if (gap === undefined) return { type: 'checkpoint', cursor };
  const item = { type: 'gap', reason: REASONS.get(gap.reason ?? 0) ?? 'slow', cursor } as const;
  return gap.missed === undefined ? item : { ...item, missed: toNumber(gap.missed) };
}
