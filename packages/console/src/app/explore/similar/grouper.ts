import type { ApiEvent, Level } from '../../api/types';
import { maskMessage } from '../../text/template';

/** Loaded events of one level and source whose messages differ only in numbers, ids and quoted texts. */
export interface Group {
  readonly key: string;
  readonly level: Level;
  readonly source: string;
  /** The masked message, also if the group has only one event. */
  readonly text: string;
  readonly count: number;
  /** Times in milliseconds since the epoch, in no order. */
  readonly times: readonly number[];
  readonly first: number;
  readonly last: number;
  /** Positions of the newest events in the list, newest first, see `EventList.first`. */
  readonly newest: readonly number[];
}

/** Longer messages are equal if they start with the same text. */
export const MAX_LENGTH = 1_000;
/** Newest events of a group that are kept. */
export const MAX_NEWEST = 10;

interface MutableGroup extends Group {
  readonly times: number[];
  readonly newest: number[];
  first: number;
  last: number;
}

/** Groups events as they are added at either end of a list that has the newest first. */
export class Grouper {
  readonly #groups = new Map<string, MutableGroup>();
  #events = 0;
  #first = Infinity;

  /** Number of all events. */
  get events(): number {
    return this.#events;
  }

  /** Number of all groups. */
  get length(): number {
    return this.#groups.size;
  }

  /** Time of the oldest event in milliseconds since the epoch. */
  get first(): number {
    return this.#first;
  }

  /**
   * Adds an event at one end of the list.
   *
   * @param end - Whether the event is newer or older than those before.
   */
  add(event: ApiEvent, position: number, end: 'newer' | 'older'): void {
    const group = this.#groupOf(event);
    const time = Date.parse(event.timestamp);
    this.#events++;
    this.#first = Math.min(this.#first, time);
    group.times.push(time);
    group.first = Math.min(group.first, time);
    group.last = Math.max(group.last, time);
    if (end === 'newer') group.newest.unshift(position);
    else group.newest.push(position);
    if (group.newest.length > MAX_NEWEST) group.newest.length = MAX_NEWEST;
  }

  clear(): void {
    this.#groups.clear();
    this.#events = 0;
    this.#first = Infinity;
  }

  /** Returns the largest groups, largest first; groups of equal size, latest first. */
  largest(limit: number): readonly Group[] {
    return [...this.#groups.values()]
      .sort((a, b) => b.times.length - a.times.length || b.last - a.last)
      .slice(0, limit)
      .map((group) => ({ ...group, count: group.times.length, newest: [...group.newest] }));
  }

  #groupOf({ level, source, message }: ApiEvent): MutableGroup {
    const text = maskMessage(message.slice(0, MAX_LENGTH));
    const key = JSON.stringify([level, source, text]);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const group = {
      key,
      level,
      source,
      text,
      count: 0,
      times: [],
      first: Infinity,
      last: -Infinity,
      newest: [],
    };
    this.#groups.set(key, group);
    return group;
  }
}
