import type { Event, StoredEvent } from '../event/event';
import type { TailCursor } from '../query/cursor';
import { createRecent } from '../recent';
import type { Member } from './member';

/** Ids remembered of either kind; beyond it repeats are possible. */
const MAX_IDS = 200_000;

/** Offers each event to the members once, whichever of watch and store brings it first. */
export interface Broadcast {
  readonly members: Set<Member>;
  /** An event that the watch, or this process, brought. */
  published(event: Event, at: TailCursor): void;
  /** An event that was read from the store, in order of arrival. */
  stored(event: StoredEvent, at: TailCursor): void;
  /** Says to a new member which of the events sent before it still has to get from the store. */
  admit(member: Member): void;
  /** Tells whether a member was sent an event that the store has not shown yet. */
  wasSent(member: Member, id: string): boolean;
}

/** Creates a broadcast without members. */
export function createBroadcast(): Broadcast {
  const members = new Set<Member>();
  /** Published events that some member wanted and the store has not shown yet, by the turn they were sent in. */
  const ahead = createRecent<number>(MAX_IDS);
  /** Stored events that the watch has not brought yet, by sequence. */
  const behind = createRecent<number>(MAX_IDS);
  /** The turn in which each member was admitted: what was sent in earlier turns it has not seen. */
  const admitted = new WeakMap<Member, number>();
  let turn = 0;

  return {
    members,
    published(event, at) {
      const sequence = behind.get(event.id);
      if (sequence !== undefined) {
        behind.delete(event.id);
        // Members that joined beyond this sequence were passed over when the store showed it.
        for (const member of members)
          if (member.consideredThrough >= sequence) member.offerPublished(event, at);
        return;
      }
      if (ahead.get(event.id) !== undefined) return;
      let isWanted = false;
      for (const member of members) if (member.offerPublished(event, at)) isWanted = true;
      if (isWanted) ahead.set(event.id, turn);
    },
    stored(event, at) {
      const sentIn = ahead.get(event.id);
      ahead.delete(event.id);
      if (sentIn === undefined) behind.set(event.id, event.sequence);
      for (const member of members) {
        if (sentIn === undefined || sentIn < (admitted.get(member) ?? 0)) member.offerStored(event, at);
      }
    },
    admit(member) {
      if (member.hasEnded) return;
      turn += 1;
      admitted.set(member, turn);
      members.add(member);
    },
    wasSent: (member, id) => (ahead.get(id) ?? -1) >= (admitted.get(member) ?? Infinity),
  };
}
