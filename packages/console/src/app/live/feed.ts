import type { ApiEvent } from '../api/types';
import type { GapReason, GapRow, Row } from '../explore/rows/event-list';
import { RecentIds } from './recent-ids';
import { Skipped } from './skipped';

/** Maximum number of events per second that the list shows. Further ones become a gap with their number. */
const MAX_RATE = 500;
/** Maximum number of rows that wait while the list is paused. Further ones become a gap too. */
const MAX_WAITING = 5_000;
/** Number of recent ids. After an interruption, the server repeats events that were not stored before it. */
const RECENT_IDS = 50_000;
/** Ids of events in gaps that are kept, so that exactly these events can be loaded. */
const MAX_GAP_IDS = 100_000;
const WINDOW_MS = 1_000;

export interface FeedOptions {
  /** Returns whether an event is one of the rows. */
  readonly isKnown: (id: string) => boolean;
  /** Current time in milliseconds since the epoch. */
  readonly now: () => number;
  readonly maxRate?: number;
  readonly maxWaiting?: number;
}

/** Number of events, and how many of them are errors. */
export interface News {
  readonly events: number;
  readonly errors: number;
}

/**
 * Turns the items of a tail into rows.
 *
 * Each event becomes a row or is counted in exactly one gap, also if the server sends it twice.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #maxRate: number;
  readonly #maxWaiting: number;
  readonly #recent = new RecentIds(RECENT_IDS);
  /** In the order of arrival. */
  #rows: Row[] = [];
  #skipped: Skipped | undefined;
  /** Gaps whose ids are kept, oldest first. */
  readonly #gaps: Skipped[] = [];
  #gapIds = 0;
  #events = 0;
  #errors = 0;
  #windowStart = -Infinity;
  #shown = 0;
  #lostAt: number | undefined;
  #backAt: number | undefined;
  #lastTime: number | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#maxRate = options.maxRate ?? MAX_RATE;
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING;
  }

  /** Events that wait, as rows or in gaps. */
  get waiting(): News {
    return { events: this.#events, errors: this.#errors };
  }

  /** Whether `drain` has or will have rows to return. */
  get isPending(): boolean {
    return this.#rows.length > 0 || this.#skipped !== undefined;
  }

  takeEvent(event: ApiEvent): void {
    this.#confirm();
    if (this.#recent.has(event.id) || this.#options.isKnown(event.id)) return;
    this.#recent.add(event.id);
    this.#lastTime = Date.parse(event.timestamp);
    this.#events++;
    if (event.level === 'ERROR') this.#errors++;
    const reason = this.#reasonToSkip();
    if (reason === undefined) {
      this.#endSkipped();
      this.#rows.push({ kind: 'event', id: event.id, event });
    } else {
      if (this.#skipped?.reason !== reason) this.#endSkipped();
      this.#skipped ??= this.#beginSkipped(reason);
      this.#skipped.add(event);
      this.#gapIds++;
      while (this.#gapIds > MAX_GAP_IDS) this.#gapIds -= this.#gaps.shift()?.forgetIds() ?? this.#gapIds;
    }
  }

  /** Adds a gap that the server reports. */
  takeGap({ reason, missed }: { readonly reason: string; readonly missed?: number }): void {
    const now = this.#options.now();
    const from = this.#lostAt ?? this.#lastTime;
    this.#lostAt = this.#backAt = undefined;
    this.#endSkipped();
    this.#rows.push(this.#gap(toReason(reason), from ?? now, now, missed));
  }

  /** Handles a checkpoint: the server has sent all events up to a position. */
  takeCheckpoint(): void {
    this.#confirm();
  }

  /** Records that the connection was lost. */
  lose(): void {
    this.#lostAt ??= this.#options.now();
    this.#backAt = undefined;
  }

  /** Records that the connection was restored. The next item shows whether events were lost. */
  resume(): void {
    if (this.#lostAt !== undefined) this.#backAt = this.#options.now();
  }

  /** Returns the new rows, newest first. Events of the current second that are not shown are returned when it is over. */
  drain(): readonly Row[] {
    if (this.#options.now() - this.#windowStart >= WINDOW_MS) this.#endSkipped();
    const rows = this.#rows.reverse();
    this.#rows = [];
    this.#events = 0;
    this.#errors = 0;
    return rows;
  }

  /** Shows an interruption without lost events: the server has continued where the connection was lost. */
  #confirm(): void {
    if (this.#lostAt === undefined || this.#backAt === undefined) return;
    this.#endSkipped();
    this.#rows.push(this.#gap('reconnect', this.#lostAt, this.#backAt, 0));
    this.#lostAt = this.#backAt = undefined;
  }

  #reasonToSkip(): GapReason | undefined {
    if (this.#rows.length >= this.#maxWaiting) return 'paused';
    const now = this.#options.now();
    if (now - this.#windowStart >= WINDOW_MS) {
      this.#windowStart = now;
      this.#shown = 0;
    }
    return this.#shown++ < this.#maxRate ? undefined : 'fast';
  }

  #beginSkipped(reason: GapReason): Skipped {
    const skipped = new Skipped(nextId(), reason);
    this.#gaps.push(skipped);
    return skipped;
  }

  #endSkipped(): void {
    if (this.#skipped !== undefined) this.#rows.push(this.#skipped.toRow());
    this.#skipped = undefined;
  }

  #gap(reason: GapReason, from: number, to: number, missed: number | undefined): GapRow {
    const [since, until] = [new Date(from).toISOString(), new Date(to).toISOString()];
    return { kind: 'gap', id: nextId(), reason, missed, since, until };
  }
}

let gaps = 0;
/** Unique across all feeds, because the list keeps the rows of earlier ones. Event ids contain no space. */
const nextId = (): string => `gap ${gaps++}`;

function toReason(text: string): GapReason {
  return text === 'pruned' || text === 'epoch' ? text : 'slow';
}
