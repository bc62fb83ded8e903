import type { ApiClient } from '../api/client';
import type { ApiEvent } from '../api/types';
import type { EventList, GapRow } from '../explore/rows/event-list';

const PAGE = 1_000;
/** Maximum number of events that are loaded at once. The rest of the gap remains. */
const MAX_LOADED = 5_000;

/** Replaces a gap by its events, newest first. Events that are not found remain a gap with their number. */
export async function loadGap(
  { client, list, filter }: { readonly client: ApiClient; readonly list: EventList; readonly filter: string },
  gap: GapRow,
  signal?: AbortSignal,
): Promise<void> {
  const missing = new Set(gap.ids);
  const isMissing = missing.size > 0 ? ({ id }: ApiEvent) => missing.delete(id) : isUncounted(list);
  const found: ApiEvent[] = [];
  let cursor: string | undefined;
  let isFresh = true;
  do {
    const { since, until } = gap;
    const page = await client.events({ filter, since, until, limit: PAGE, cursor }, signal);
    found.push(...page.events.filter(isMissing));
    cursor = page.nextCursor;
    isFresh &&= page.freshness.complete;
  } while (cursor !== undefined && found.length < MAX_LOADED && found.length !== gap.missed);
  // The store may still receive events of the whole gap if it was not up to date.
  const isEnd = isFresh && cursor === undefined;
  const oldest = isFresh && !isEnd ? found.at(-1)?.timestamp : undefined;
  const missed = gap.missed === undefined ? undefined : Math.max(0, gap.missed - found.length);
  const isOver = missed === 0 || (missed === undefined && isEnd);
  const rest: GapRow = {
    ...gap,
    id: `${gap.id}+`,
    missed,
    ids: [...missing],
    until: oldest === undefined ? gap.until : new Date(Date.parse(oldest) + 1).toISOString(),
    reason: isEnd ? 'gone' : gap.reason,
  };
  list.replaceRow(gap.id, found, isOver ? [] : [rest]);
}

/** Returns a test for events that are neither rows nor counted by a gap. */
function isUncounted(list: EventList): (event: ApiEvent) => boolean {
  const rows = list.slice(0, list.length);
  const counted = new Set(rows.flatMap((row) => (row.kind === 'gap' && row.ids) || []));
  return ({ id }) => list.indexOf(id) === -1 && !counted.has(id);
}
