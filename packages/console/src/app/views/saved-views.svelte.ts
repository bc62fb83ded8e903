import type { ApiClient } from '../api/client';
import { ApiError, isAbort } from '../api/problem';
import type { View, ViewInput } from './view';

/** Why a view was not changed: another user changed or deleted it. */
export type ViewConflict = 'conflict' | 'gone';

/** The views of the server. */
export class SavedViews {
  #list = $state.raw<readonly View[] | undefined>();
  #error = $state.raw<unknown>();
  #loading: AbortController | undefined;
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** The views by name, or `undefined` before they are loaded. */
  get list(): readonly View[] | undefined {
    return this.#list;
  }
  /** Why the views could not be loaded. */
  get error(): unknown {
    return this.#error;
  }

  /** Loads the views. An earlier request is cancelled, because its answer may be older. */
  async load(): Promise<void> {
    this.#loading?.abort();
    const { signal } = (this.#loading = new AbortController());
    try {
      const { views } = await this.#client.json<{ readonly views: readonly View[] }>('v1/views', { signal });
      this.#list = views.toSorted((a, b) => a.name.localeCompare(b.name));
      this.#error = undefined;
    } catch (error) {
      if (!isAbort(error)) this.#error = error;
    }
  }

  /** @throws {ApiError} if the server rejects the view */
  async create(input: ViewInput): Promise<void> {
    await this.#client.json('v1/views', { method: 'POST', body: input });
    await this.load();
  }

  /** Replaces a view unless another user has changed it, and loads the list again. */
  update(view: View, input: ViewInput): Promise<ViewConflict | undefined> {
    return this.#change(view, { method: 'PUT', body: input });
  }

  delete(view: View): Promise<ViewConflict | undefined> {
    return this.#change(view, { method: 'DELETE' });
  }

  async #change(
    { id, revision }: View,
    options: { readonly method: string; readonly body?: ViewInput },
  ): Promise<ViewConflict | undefined> {
    const headers = { 'if-match': `"${revision}"` };
    try {
      await this.#client.request(`v1/views/${encodeURIComponent(id)}`, { ...options, headers });
      await this.load();
      return undefined;
    } catch (error) {
      const conflict = conflictOf(error);
      if (conflict === undefined) throw error;
      await this.load();
      return conflict;
    }
  }
}

function conflictOf(error: unknown): ViewConflict | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return error.status === 412 ? 'conflict' : error.status === 404 ? 'gone' : undefined;
}
