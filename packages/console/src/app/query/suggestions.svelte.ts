import type { ApiClient } from '../api/client';
import type { Facet, Scope } from '../api/types';
import {
  mergeSuggestions,
  situationAt,
  suggestFields,
  suggestValues,
  type Situation,
  type Suggestion,
} from './suggest';

const DEBOUNCE_MS = 80;
/** Values per field. More are not offered; typing narrows them. */
const VALUES = 100;

/** What the page knows about fields: those of data, and values of others. */
export interface KnownFields {
  readonly keys: readonly string[];
  readonly facets: readonly Facet[];
}

/** Suggestions for the text at the caret. Values come from the server with their counts; a new key cancels the request. */
export class Suggestions {
  #items = $state.raw<readonly Suggestion[]>([]);
  #situation = $state.raw<Situation>({ kind: 'none' });
  #isLoading = $state(false);
  readonly #client: ApiClient;
  readonly #fields: KnownFields;
  readonly #range: () => Omit<Scope, 'filter'>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | undefined;
  /** The last counts, which further keys of the same value reuse. */
  #known: { readonly key: string; readonly facet: Facet } | undefined;

  constructor(client: ApiClient, fields: KnownFields, range: () => Omit<Scope, 'filter'>) {
    this.#client = client;
    this.#fields = fields;
    this.#range = range;
  }

  get items(): readonly Suggestion[] {
    return this.#items;
  }
  get situation(): Situation {
    return this.#situation;
  }
  get isLoading(): boolean {
    return this.#isLoading;
  }

  update(query: string, caret: number): void {
    this.#cancel();
    const situation = (this.#situation = situationAt(query, caret));
    if (situation.kind === 'field') this.#items = suggestFields(situation.prefix, this.#fields.keys);
    else if (situation.kind === 'none') this.#items = [];
    else this.#suggestValues(situation);
  }

  clear(): void {
    this.#cancel();
    this.#items = [];
    this.#situation = { kind: 'none' };
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#isLoading = false;
  }

  #suggestValues(situation: Extract<Situation, { kind: 'value' }>): void {
    const key = JSON.stringify([situation.field, situation.others, this.#range()]);
    if (this.#known?.key === key) return this.#show(this.#known.facet, situation.prefix);
    this.#items = this.#guess(situation);
    this.#isLoading = true;
    const { signal } = (this.#abort = new AbortController());
    this.#timer = setTimeout(() => void this.#load(key, situation, signal), DEBOUNCE_MS);
  }

  async #load(
    key: string,
    { field, others, prefix }: Extract<Situation, { kind: 'value' }>,
    signal: AbortSignal,
  ) {
    try {
      const scope = { ...this.#range(), filter: others };
      const { facets } = await this.#client.facets({ ...scope, fields: [field], limit: VALUES }, signal);
      const [facet] = facets;
      if (facet === undefined || signal.aborted) return;
      this.#known = { key, facet };
      this.#items = mergeSuggestions(this.#items, suggestValues(facet.values, prefix, facet.exact));
    } catch {
      // Suggestions are optional. The search itself reports what is wrong.
    } finally {
      if (!signal.aborted) this.#isLoading = false;
    }
  }

  /** Returns the values that the facets of the page contain, without their counts: those are of another query. */
  #guess({ field, prefix }: Extract<Situation, { kind: 'value' }>): readonly Suggestion[] {
    const facet = this.#fields.facets.find((each) => each.field === (field === 'tag' ? 'tags' : field));
    return suggestValues(facet?.values ?? [], prefix, true).map(({ insert, label }) => ({ insert, label }));
  }

  #show({ values, exact }: Facet, prefix: string): void {
    this.#items = suggestValues(values, prefix, exact);
  }
}
