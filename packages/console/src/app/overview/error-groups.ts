import type { ApiEvent } from '../api/types';
import { maskMessage } from '../text/template';

/** Events whose messages differ only in numbers, ids and quoted texts. */
export interface EventGroup {
  readonly key: string;
  /** The message, with `#` in place of what differs. */
  readonly text: string;
  readonly source: string;
  readonly count: number;
  readonly newest: ApiEvent;
}

const MAX_LENGTH = 300;

/** Groups events by source and message. Groups and their newest event are in the order of the events. */
export function groupEvents(events: readonly ApiEvent[]): readonly EventGroup[] {
  const groups = new Map<string, EventGroup>();
  for (const event of events) {
    const text = maskMessage(event.message.slice(0, MAX_LENGTH));
    const key = JSON.stringify([event.source, text]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { key, text, source: event.source, count: 1, newest: event });
    else groups.set(key, { ...group, count: group.count + 1 });
  }
  // A group of one shows its message as it is.
  return [...groups.values()].map((group) =>
    group.count === 1 ? { ...group, text: group.newest.message.slice(0, MAX_LENGTH) } : group,
  );
}
