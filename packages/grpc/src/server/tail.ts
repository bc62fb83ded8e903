import type { TailItem, Vigilant } from '@vigilant/core';
import type { TailEventsRequest, TailEventsResponse } from '../generated/vigilant-v1';
import { Gap_Reason as Reason } from '../generated/vigilant-v1';
import type { DataFormat } from '../wire/event';
import { toEventMessage } from '../wire/event';
import type { Call } from './call';
import { toDataFormat } from './request-fields';

const REASONS = {
  slow: Reason.REASON_SLOW,
  pruned: Reason.REASON_PRUNED,
  epoch: Reason.REASON_EPOCH,
} as const;

/** Handles `TailEvents`. While the client does not read, items wait in the engine, which bounds them. */
export async function* tailEvents(
  vigilant: Vigilant,
  request: TailEventsRequest,
  { signal }: Call,
): AsyncGenerator<TailEventsResponse> {
  const format = toDataFormat(request.dataFormat);
  // The current cursor is sent first, so that a client that loses its connection immediately misses nothing.
  const cursor = request.cursor || (await vigilant.query('', { limit: 1, signal })).tailCursor;
  const items = vigilant.tail(request.filter ?? '', { cursor, checkpoints: true, signal });
  try {
    yield { cursor, checkpoint: {} };
    for await (const item of items) yield toTailMessage(item, format);
  } finally {
    await items.return?.();
  }
}

function toTailMessage(item: TailItem, format: DataFormat): TailEventsResponse {
  const { cursor } = item;
  switch (item.type) {
    case 'event':
      return { cursor, event: toEventMessage(item.event, format) };
    case 'checkpoint':
      return { cursor, checkpoint: {} };
    case 'gap':
      return { cursor, gap: { reason: REASONS[item.reason], missed: item.missed } };
  }
}
