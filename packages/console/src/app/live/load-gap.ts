import type { ApiClient } from '../api/client';
import type { ApiEvent } from '../api/types';
import type { EventList, GapRow } from '../explore/rows/event-list';

const PAGE = 1_000;
/** Events that are loaded at once. The rest of the gap stays. */
const MAX_LOADED = 5_000;

/** Replaces a gap by its events, newest first. What is not found stays a gap with its number. */
export async function loadGap(
  { client, list, filter }: { readonly client: ApiClient; readonly list: EventList; readonly filter: string },
  gap: GapRow,
  signal?: AbortSignal,
): Promise<void> {
  const missing = new Set(gap.ids);
  const isKnown = missing.size > 0;
  const isMissing = ({ id }: ApiEvent): boolean => (isKnown ? missing.delete(id) : list.indexOf(id) === -1);
  const found: ApiEvent[] = [];
  let cursor: string | undefined;
  do {
    const { since, until } = gap;
    const page = await client.events({ filter, since, until, limit: PAGE, cursor }, signal);
    found.push(...page.events.filter(isMissing));
    cursor = page.nextCursor;
  } while (cursor !== undefined && found.length < MAX_LOADED && found.length !== gap.missed);
  list.replaceRow(gap.id, found, restOf(gap, found, [...missing], cursor === undefined));
}

function restOf(
  gap: GapRow,
  found: readonly ApiEvent[],
  ids: readonly string[],
  isEnd: boolean,
): readonly GapRow[] {
  const missed = gap.missed === undefined ? undefined : Math.max(0, gap.missed - found.length);
  if (missed === 0 || (missed === undefined && isEnd)) return [];
  const oldest = found.at(-1)?.timestamp;
  const until = isEnd || oldest === undefined ? gap.until : new Date(Date.parse(oldest) + 1).toISOString();
  return [{ ...gap, id: `${gap.id}+`, missed, ids, until, reason: isEnd ? 'gone' : gap.reason }];
}
