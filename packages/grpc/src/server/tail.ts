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

/** Answers `TailEvents`. What waits for a slow reader is bounded by the engine, which is not asked while the stream is full. */
export async function* followEvents(
  vigilant: Vigilant,
  request: TailEventsRequest,
  { signal }: Call,
): AsyncGenerator<TailEventsResponse> {
  const format = toDataFormat(request.dataFormat);
  // A tail from now on begins with a cursor too: whoever loses the connection at once goes on without a hole.
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
  switch (item.type) {
    case 'event':
      return { cursor: item.cursor, event: toEventMessage(item.event, format) };
    case 'checkpoint':
      return { cursor: item.cursor, checkpoint: {} };
    case 'gap':
      return {
        cursor: item.cursor,
        gap: {
          reason: REASONS[item.reason],
          ...(item.missed === undefined ? {} : { missed: item.missed }),
        },
      };
  }
}
