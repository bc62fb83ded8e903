import type { ServiceError } from '@grpc/grpc-js';
import type { Clock, FilterInput, Recent, TailItem, TailOptions } from '@vigilant/core';
import { isVigilantError } from '@vigilant/core';
import { backOffMs, checkOptions, createRecent, sleep } from '@vigilant/core/adapter';
import type { TailEventsRequest, TailEventsResponse } from '../generated/vigilant-v1';
import { DataFormat, Gap_Reason as Reason } from '../generated/vigilant-v1';
import { fromEventMessage } from '../wire/event';
import { toNumber } from '../wire/int64';
import type { Connection } from './connection';
import { toFailure } from './failure';
import { checkCursor, toFilterText } from './query';

/** Options of the client's `tail`. */
export type ClientTailOptions = Pick<TailOptions, 'cursor' | 'checkpoints' | 'signal'>;

/** How many ids are remembered at most, so that what a resumed tail repeats is not shown twice. */
const REMEMBERED = 10_000;

const BACK_OFF = { firstMs: 100, maxMs: 10_000 };

/** Follows events; goes on by itself behind the last cursor when the connection is lost. */
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
  const signals = [ended.signal, closed, ...(options.signal === undefined ? [] : [options.signal])];
  const items = follow(connection, clock, AbortSignal.any(signals), filter, options);
  return {
    next: () => items.next(),
    async return() {
      // Also while it waits for the next item.
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
  { cursor: from = '', checkpoints = false }: ClientTailOptions,
): AsyncGenerator<TailItem, undefined> {
  const request = { filter: toFilterText(filter), dataFormat: DataFormat.DATA_FORMAT_JSON };
  const shown = createRecent<true>(REMEMBERED);
  let cursor = from;
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
        if (item.type === 'event' && !remember(shown, item.event.id)) continue;
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
    await sleep(clock, backOffMs(BACK_OFF, failures, Math.random), signal, { keepAlive: true }).catch(
      () => {},
    );
  }
  return undefined;
}

/** Tells whether an id is new. */
function remember(shown: Recent<true>, id: string): boolean {
  if (shown.get(id) === true) return false;
  shown.set(id, true);
  return true;
}

function toItem({ cursor = '', event, gap }: TailEventsResponse): TailItem {
  if (event !== undefined) {
    const { sequence: _, ...shown } = fromEventMessage(event);
    return { type: 'event', event: shown, cursor };
  }
  if (gap === undefined) return { type: 'checkpoint', cursor };
  const { reason, missed } = gap;
  return {
    type: 'gap',
    reason: reason === Reason.REASON_PRUNED ? 'pruned' : reason === Reason.REASON_EPOCH ? 'epoch' : 'slow',
    ...(missed === undefined ? {} : { missed: toNumber(missed) }),
    cursor,
  };
}
