import { ApiError, isAbort, readProblem } from './problem';
import type { ApiEvent, EventsPage, Facets, Histogram, Scope, Status } from './types';

export type Parameters = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export interface RequestOptions {
  readonly method?: string;
  readonly parameters?: Parameters;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** JSON that is sent as it is, so that its numbers keep their digits. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export interface ClientOptions {
  /** Base URL of the API, with a trailing slash. */
  readonly base: string;
  /** Token that every request carries. @defaultValue none */
  readonly session?: string | undefined;
  readonly fetch?: typeof fetch;
  /** Called after each request: `true` if the server answered, `false` if it could not be reached. */
  readonly onOutcome?: (isReachable: boolean) => void;
}

export interface EventsQuery extends Scope {
  readonly order?: 'newest' | 'oldest';
  readonly limit?: number;
  readonly cursor?: string | undefined;
  readonly freshMs?: number;
  readonly deadlineMs?: number;
}

export interface CountsQuery extends Scope {
  readonly buckets: number;
  readonly deadlineMs?: number;
}

/** Calls the HTTP API. Every call rejects with an `ApiError`, or with the `AbortError` of its signal. */
export interface ApiClient {
  /** Whether only the window of this page can use the server. */
  readonly isPrivate: boolean;
  events(query: EventsQuery, signal?: AbortSignal): Promise<EventsPage>;
  event(id: string, signal?: AbortSignal): Promise<ApiEvent>;
  histogram(query: CountsQuery, signal?: AbortSignal): Promise<Histogram>;
  facets(
    query: Scope & { readonly fields: readonly string[]; readonly limit: number },
    signal?: AbortSignal,
  ): Promise<Facets>;
  status(signal?: AbortSignal): Promise<Status>;
  /** Sends a request to a path such as `v1/views` and returns the parsed JSON. */
  json<T>(path: string, options?: RequestOptions): Promise<T>;
  /** Sends a request and returns the response if its status is 2xx. */
  request(path: string, options?: RequestOptions): Promise<Response>;
  /** Returns the URL of a path, for links and for `curl`. */
  url(path: string, parameters?: Parameters): URL;
}

/** Time limit of a search, in milliseconds, after which the server returns a partial result. */
const DEADLINE_MS = 5_000;

export function createApiClient(options: ClientOptions): ApiClient {
  return new Client(options);
}

class Client implements ApiClient {
  readonly isPrivate: boolean;
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #fetch: typeof fetch;
  readonly #onOutcome: (isReachable: boolean) => void;

  constructor(options: ClientOptions) {
    const { base, session, fetch = globalThis.fetch.bind(globalThis), onOutcome = () => {} } = options;
    this.isPrivate = session !== undefined;
    this.#base = base;
    this.#headers = session === undefined ? {} : { authorization: `Bearer ${session}` };
    this.#fetch = fetch;
    this.#onOutcome = onOutcome;
  }

  events(query: EventsQuery, signal?: AbortSignal): Promise<EventsPage> {
    return this.json('v1/events', { parameters: { deadlineMs: DEADLINE_MS, ...query }, signal });
  }

  event(id: string, signal?: AbortSignal): Promise<ApiEvent> {
    return this.json('v1/event', { parameters: { id }, signal });
  }

  histogram(query: CountsQuery, signal?: AbortSignal): Promise<Histogram> {
    return this.json('v1/histogram', { parameters: { deadlineMs: DEADLINE_MS, ...query }, signal });
  }

  facets(
    { fields, ...query }: Scope & { readonly fields: readonly string[]; readonly limit: number },
    signal?: AbortSignal,
  ): Promise<Facets> {
    const parameters = { deadlineMs: DEADLINE_MS, ...query, field: fields };
    return this.json('v1/facets', { parameters, signal });
  }

  status(signal?: AbortSignal): Promise<Status> {
    return this.json('v1/status', { signal });
  }

  async json<T>(path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.request(path, options);
    const body = (await response.json()) as T;
    // The signal may have been aborted after the answer arrived.
    options.signal?.throwIfAborted();
    return body;
  }

  async request(path: string, options: RequestOptions = {}): Promise<Response> {
    const { method = 'GET', parameters, body, signal } = options;
    const headers = { ...this.#headers, ...options.headers };
    const text = options.text ?? (body === undefined ? undefined : JSON.stringify(body));
    const init: RequestInit = {
      method,
      headers: text === undefined ? headers : { 'content-type': 'application/json', ...headers },
      ...(text === undefined ? {} : { body: text }),
      ...(signal === undefined ? {} : { signal }),
    };
    let response: Response;
    try {
      response = await this.#fetch(this.url(path, parameters), init);
    } catch (error) {
      if (isAbort(error)) throw error;
      this.#onOutcome(false);
      throw new ApiError('The server cannot be reached.', { cause: error });
    }
    this.#onOutcome(true);
    if (!response.ok) throw await readProblem(response);
    return response;
  }

  url(path: string, parameters: Parameters = {}): URL {
    const url = new URL(path, this.#base);
    for (const [name, value] of Object.entries(parameters)) {
      if (value === undefined || value === '') continue;
      for (const each of typeof value === 'object' ? value : [value])
        url.searchParams.append(name, String(each));
    }
    return url;
  }
}
