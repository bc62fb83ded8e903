import type { ApiClient } from '../api/client';
import type { ApiError } from '../api/problem';
import { openTail, type Tail, type TailState } from '../api/tail';
import type { ApiEvent } from '../api/types';
import type { EventList } from '../explore/rows/event-list';
import { Feed, type News } from './feed';
import type { LiveControl } from './live-control';

export interface LiveOptions {
  readonly client: ApiClient;
  readonly list: EventList;
  /** Called after rows were added. */
  readonly onRows: (news: News) => void;
  /** Called when the rows are resumed. */
  readonly onResume: () => void;
  /** Called in place of `onResume` if the newest rows were evicted, so that waiting events cannot be added to them. */
  readonly onRestart: () => void;
  /** Called when the server rejects the tail. It does not continue. */
  readonly onFailure: (error: ApiError) => void;
}

/** The events that a tail follows. */
export interface LiveScope {
  readonly filter: string;
  /** Cursor after the events that are rows already. */
  readonly cursor: string;
  /** Earliest time of the events that are shown, in milliseconds. */
  readonly since: () => number;
}

/** Adds new events to the rows, once per frame. While it is paused they wait. */
export class Live implements LiveControl {
  readonly #options: LiveOptions;
  #feed: Feed;
  #tail: Tail | undefined;
  #frame = 0;
  #isPaused = $state(false);
  #waiting = $state(0);
  #state = $state<TailState>('connecting');

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#feed = this.#createFeed();
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }
  get isConnected(): boolean {
    return this.#state === 'connected';
  }
  get waiting(): number {
    return this.#waiting;
  }

  /** Follows another search. */
  open({ filter, cursor, since }: LiveScope): void {
    this.close();
    const feed = (this.#feed = this.#createFeed());
    const isWanted = ({ timestamp }: ApiEvent): boolean => Date.parse(timestamp) >= since();
    this.#isPaused = false;
    this.#tail = openTail({
      client: this.#options.client,
      filter,
      cursor,
      onItem: (item) => {
        if (item.type === 'gap') feed.takeGap(item);
        else if (isWanted(item.event)) feed.takeEvent(item.event);
        else feed.takeCheckpoint();
        this.#schedule();
      },
      onCheckpoint: () => {
        feed.takeCheckpoint();
        this.#schedule();
      },
      onState: (state, error) => {
        if (feed === this.#feed) this.#follow(state, error);
      },
    });
  }

  /** Stops following events, and shows those that wait. */
  close(): void {
    const tail = this.#tail;
    this.#tail = undefined;
    tail?.close();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.#feed.isPending) this.#show();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (this.#options.list.evictedNewer > 0) return this.#options.onRestart();
    this.#isPaused = false;
    this.#show();
    this.#options.onResume();
  }

  #createFeed(): Feed {
    const { list } = this.#options;
    return new Feed({ isKnown: (id) => list.indexOf(id) !== -1, now: Date.now });
  }

  #follow(state: TailState, error?: ApiError): void {
    this.#state = state;
    if (state === 'reconnecting') this.#feed.lose();
    if (state === 'connected') this.#feed.resume();
    if (state === 'failed' && error !== undefined) this.#options.onFailure(error);
  }

  #schedule(): void {
    if (this.#frame !== 0 || !this.#feed.isPending) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#isPaused) this.#waiting = this.#feed.waiting.events;
      else this.#show();
    });
  }

  #show(): void {
    const news = this.#feed.waiting;
    const rows = this.#feed.drain();
    this.#waiting = 0;
    if (rows.length > 0) this.#options.list.prepend(rows);
    if (news.events > 0) this.#options.onRows(news);
    this.#schedule();
  }
}
