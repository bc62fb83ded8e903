import type { ApiClient } from '../api/client';
import { ApiError } from '../api/problem';
import type { ApiEvent } from '../api/types';
import type { EventList } from './rows/event-list';

/** The event whose detail is open. It is loaded if it is not one of the rows, as after a link was opened. */
export class Selection {
  #event = $state.raw<ApiEvent | undefined>();
  /** Event whose context is shown, also while another row of the context is selected. */
  #anchor = $state.raw<ApiEvent | undefined>();
  #linked = $state<string | undefined>();
  /** Id of an event that does not exist or was deleted. */
  #missing = $state<string | undefined>();
  #loading: string | undefined;
  readonly #client: ApiClient;
  readonly #list: EventList;
  #isFirst = true;
  #isAnchoring = false;

  constructor(client: ApiClient, list: EventList) {
    this.#client = client;
    this.#list = list;
  }

  get event(): ApiEvent | undefined {
    return this.#event;
  }
  get anchor(): ApiEvent | undefined {
    return this.#anchor ?? this.#event;
  }
  /** Id of the event that a link opened, which is highlighted. */
  get linked(): string | undefined {
    return this.#linked;
  }
  get missing(): string | undefined {
    return this.#missing;
  }

  /**
   * Selects the event of the URL. Called again when the rows change.
   *
   * @param hasContext - Whether a context is shown: that of the event that was selected when it was opened.
   */
  follow(id: string | undefined, hasContext: boolean): void {
    this.#select(id);
    if (!hasContext) this.#anchor = undefined;
    else this.#anchor ??= this.#event;
    this.#isAnchoring = hasContext;
  }

  #select(id: string | undefined): void {
    if (this.#isFirst && id !== undefined) this.#linked = id;
    this.#isFirst = false;
    if (id === undefined) return this.#show(undefined);
    if (id === this.#event?.id) return this.#show(this.#event);
    const row = this.#list.at(this.#list.indexOf(id));
    if (row?.kind === 'event') this.#show(row.event);
    else if (id !== this.#loading && id !== this.#missing) void this.#load(id);
  }

  /** Shows an event. The answer to an earlier request is ignored then. */
  #show(event: ApiEvent | undefined): void {
    this.#event = event;
    this.#loading = undefined;
    this.#missing = undefined;
  }

  async #load(id: string): Promise<void> {
    this.#loading = id;
    this.#missing = undefined;
    try {
      const event = await this.#client.event(id);
      if (this.#loading !== id) return;
      this.#show(event);
      if (this.#isAnchoring) this.#anchor ??= event;
    } catch (error) {
      if (this.#loading !== id) return;
      this.#loading = undefined;
      if (error instanceof ApiError && error.status === 404) this.#missing = id;
    }
  }
}
