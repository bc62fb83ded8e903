import { sameContent } from '../event/codec';
import type { ResolvedDefaults } from '../event/defaults';
import type { Event, StoredEvent } from '../event/event';
import { normalizeEvent } from '../event/normalize';
import type { Redact } from '../event/redact';
import { redactEvent } from '../event/redact';

/** Dependencies of `findConflicts`. */
export interface FindConflictsParts {
  readonly defaults: ResolvedDefaults;
  readonly now: () => number;
  readonly redact: Redact | undefined;
  /** Finds a stored event. */
  readonly get: (id: string) => Promise<StoredEvent | undefined>;
}

const READS_AT_ONCE = 16;

/** Id of inputs without an id of their own. */
const NO_ID = '';

/** Returns the indexes of inputs whose id belongs to an event with different content, stored or earlier in the list. */
export async function findConflicts(
  parts: FindConflictsParts,
  inputs: readonly unknown[],
): Promise<readonly number[]> {
  const events = inputs.map((input) => prepare(parts, input));
  const owners = await findStored(parts, new Set(events.flatMap((event) => event?.id ?? [])));
  const conflicts: number[] = [];
  events.forEach((event, index) => {
    if (event === undefined) return;
    const owner = owners.get(event.id);
    if (owner === undefined) owners.set(event.id, event);
    else if (!sameContent(owner, event)) conflicts.push(index);
  });
  return conflicts;
}

/** Returns the event of an input that is valid and has its own id. */
function prepare({ defaults, now, redact }: FindConflictsParts, input: unknown): Event | undefined {
  try {
    const event = normalizeEvent(input, { defaults, now, newId: () => NO_ID });
    if (event.id === NO_ID) return undefined;
    return redact === undefined ? event : redactEvent(event, redact);
  } catch {
    // Logging the input reports the error.
    return undefined;
  }
}

async function findStored(
  { get }: FindConflictsParts,
  ids: ReadonlySet<string>,
): Promise<Map<string, Event>> {
  const found = new Map<string, Event>();
  const remaining = ids.values();
  const readRemaining = async (): Promise<void> => {
    for (const id of remaining) {
      const event = await get(id);
      if (event !== undefined) found.set(id, event);
    }
  };
  await Promise.all(Array.from({ length: READS_AT_ONCE }, readRemaining));
  return found;
}
