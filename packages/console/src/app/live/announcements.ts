import type { News } from './feed';

const INTERVAL_MS = 5_000;

/** Collects the numbers of new events and announces them at most every 5 s, so that a screen reader is not flooded. */
export class Announcements {
  readonly #say: (news: News) => void;
  #news: News = { events: 0, errors: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (news: News) => void) {
    this.#say = say;
  }

  add({ events, errors }: News): void {
    this.#news = { events: this.#news.events + events, errors: this.#news.errors + errors };
    this.#timer ??= setTimeout(() => this.#flush(), INTERVAL_MS);
  }

  /** Discards what was not announced. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#news = { events: 0, errors: 0 };
  }

  #flush(): void {
    const news = this.#news;
    this.clear();
    this.#say(news);
  }
}
