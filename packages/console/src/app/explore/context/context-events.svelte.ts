import type { ApiClient } from '../../api/client';
import { isAbort } from '../../api/problem';
import type { ApiEvent } from '../../api/types';
import type { Context } from '../../route/url-state';
import { contextQueries, mergeContext } from './context-query';

/** The events around an event. */
export class ContextEvents {
  #events = $state.raw<readonly ApiEvent[]>([]);
  #state = $state<'loading' | 'ready' | 'failed'>('loading');
  #error = $state.raw<unknown>();
  /** Whether there are more events on a side than were loaded. */
  #isCut = $state(false);
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** Newest first. Contains at least the event itself. */
  get events(): readonly ApiEvent[] {
    return this.#events;
  }
  get state(): 'loading' | 'ready' | 'failed' {
    return this.#state;
  }
  get error(): unknown {
    return this.#error;
  }
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Loads at most `limit` events on each side. Returns a function that cancels the requests. */
  load(anchor: ApiEvent, context: Context, limit: number): () => void {
    const abort = new AbortController();
    this.#events = [anchor];
    this.#state = 'loading';
    void this.#load(anchor, context, limit, abort.signal);
    return () => abort.abort();
  }

  async #load(anchor: ApiEvent, context: Context, limit: number, signal: AbortSignal): Promise<void> {
    const queries = contextQueries(anchor, context, limit);
    try {
      const [newer, older] = await Promise.all([
        this.#client.events({ ...queries.newer, freshMs: 0 }, signal),
        this.#client.events({ ...queries.older, freshMs: 0 }, signal),
      ]);
      this.#events = mergeContext(anchor, newer.events, older.events);
      this.#isCut = newer.nextCursor !== undefined || older.nextCursor !== undefined;
      this.#state = 'ready';
    } catch (error) {
      if (isAbort(error)) return;
      this.#error = error;
      this.#state = 'failed';
    }
  }
}
