import type { EventList } from '../rows/event-list';
import { Grouper, type Group } from './grouper';

export interface SimilarOptions {
  /** Yields to the page between parts of a long list. */
  readonly yieldToPage?: () => Promise<void>;
  readonly wait?: (ms: number) => Promise<void>;
}

/** Number of events that are grouped at once. */
const PART = 2_000;
/** Delay before a long list whose rows were replaced is grouped again, in milliseconds. */
const REPEAT_MS = 1_000;
const GROUPS_AT_ONCE = 50;

const endOf = (list: EventList): number => list.first + list.length;
const idAt = (list: EventList, position: number): string | undefined => list.at(position - list.first)?.id;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The groups of similar events of a list. They follow the list while rows are added to it. */
export class SimilarEvents {
  #groups = $state.raw<readonly Group[]>([]);
  #groupCount = $state(0);
  #eventCount = $state(0);
  #first = $state(Infinity);
  #isGrouping = $state(false);
  #limit = $state(GROUPS_AT_ONCE);
  readonly #grouper = new Grouper();
  readonly #options: Required<SimilarOptions>;
  /** Positions of the rows that are grouped, and the ids of the first and the last. */
  #grouped: { start: number; end: number; first: string | undefined; last: string | undefined } | undefined;
  #isClosed = false;

  constructor({ yieldToPage = () => sleep(0), wait = sleep }: SimilarOptions = {}) {
    this.#options = { yieldToPage, wait };
  }

  /** The largest groups. */
  get groups(): readonly Group[] {
    return this.#groups;
  }
  get groupCount(): number {
    return this.#groupCount;
  }
  /** Number of events in all groups. */
  get eventCount(): number {
    return this.#eventCount;
  }
  /** Time of the oldest event in all groups, in milliseconds since the epoch. */
  get first(): number {
    return this.#first;
  }
  /** Whether rows of the list are not grouped yet. */
  get isGrouping(): boolean {
    return this.#isGrouping;
  }

  /** Starts over with the next list, such as that of another search. */
  restart(): void {
    this.#grouped = undefined;
    this.#grouper.clear();
    this.#publish();
  }

  /** Shows more groups. */
  showMore(): void {
    this.#limit += GROUPS_AT_ONCE;
    this.#publish();
  }

  /** Groups the rows that are new. Called after each change of the list. */
  async follow(list: EventList): Promise<void> {
    if (this.#isGrouping) return;
    this.#isGrouping = true;
    while (!this.#isClosed && !this.#isUpToDate(list)) {
      if (!this.#isContinued(list)) {
        if (this.#grouped !== undefined && this.#eventCount > PART) await this.#options.wait(REPEAT_MS);
        this.#grouper.clear();
        this.#grouped = undefined;
      }
      this.#groupPart(list);
      this.#publish();
      if (!this.#isUpToDate(list)) await this.#options.yieldToPage();
    }
    this.#isGrouping = false;
  }

  close(): void {
    this.#isClosed = true;
  }

  #isUpToDate(list: EventList): boolean {
    const grouped = this.#grouped;
    if (grouped === undefined) return list.length === 0;
    return this.#isContinued(list) && grouped.start === list.first && grouped.end === endOf(list);
  }

  /** Whether the grouped rows are still in the list, at the same positions. The oldest may have been evicted. */
  #isContinued(list: EventList): boolean {
    if (this.#grouped === undefined) return false;
    const { start, end, first, last } = this.#grouped;
    const hasLeft = list.evictedUntil !== undefined && end > endOf(list);
    return list.first <= start && idAt(list, start) === first && (hasLeft || idAt(list, end - 1) === last);
  }

  /** Groups the next newer rows, then the next older ones. Events that have left the list stay in their groups. */
  #groupPart(list: EventList): void {
    let start = this.#grouped?.start ?? list.first;
    let end = Math.min(this.#grouped?.end ?? list.first, endOf(list));
    for (let left = PART; left > 0 && start > list.first; left--) this.#add(list, --start, 'newer');
    for (let left = PART; left > 0 && end < endOf(list); left--) this.#add(list, end++, 'older');
    this.#grouped = { start, end, first: idAt(list, start), last: idAt(list, end - 1) };
  }

  #add(list: EventList, position: number, end: 'newer' | 'older'): void {
    const row = list.at(position - list.first);
    if (row?.kind === 'event') this.#grouper.add(row.event, position, end);
  }

  #publish(): void {
    this.#groups = this.#grouper.largest(this.#limit);
    this.#groupCount = this.#grouper.length;
    this.#eventCount = this.#grouper.events;
    this.#first = this.#grouper.first;
  }
}
