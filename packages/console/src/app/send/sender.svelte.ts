import type { ApiClient } from '../api/client';
import { ApiError } from '../api/problem';
import { formatValue } from '../query/value';
import { dueNow, type Repeat } from './repeat';

/** An event that was sent from the page, once or repeatedly. */
export interface Sent {
  readonly key: number;
  /** The event as text, for the list. */
  readonly title: string;
  readonly repeat: Repeat;
  /** Number of events that the server has accepted. */
  readonly accepted: number;
  /** `unknown` if there was no response: the server may have accepted the event. */
  readonly state: 'sending' | 'accepted' | 'stored' | 'stopped' | 'failed' | 'unknown';
  /** Id of the last accepted event. */
  readonly id?: string;
  /** How long the server took to accept the event. */
  readonly acceptedMs?: number;
  /** How long it took until the event was stored. */
  readonly storedMs?: number;
  readonly error?: unknown;
}

export interface SenderOptions {
  readonly client: ApiClient;
  /** Current time in milliseconds. */
  readonly now?: () => number;
  readonly wait?: (ms: number) => Promise<void>;
}

/** Result of one event of a batch. */
type Result =
  | { readonly id: string }
  | { readonly error: { readonly message: string; readonly code: string; readonly retryable: boolean } };

const STEP_MS = 50;
const POLL_MS = 1_000;
/** Maximum number of polls for an event that is not stored yet. */
const MAX_POLLS = 120;
const MAX_SENT = 20;

/** Sends events and keeps their results, newest first. */
export class Sender {
  #sent = $state.raw<readonly Sent[]>([]);
  readonly #client: ApiClient;
  readonly #now: () => number;
  readonly #wait: (ms: number) => Promise<void>;
  readonly #stopped = new Set<number>();
  #isClosed = false;
  #keys = 0;

  constructor({ client, now = () => performance.now(), wait = sleep }: SenderOptions) {
    this.#client = client;
    this.#now = now;
    this.#wait = wait;
  }

  get sent(): readonly Sent[] {
    return this.#sent;
  }

  /**
   * Sends an event, once or repeatedly. Resolves when the last one is accepted.
   *
   * @param json - The event as JSON.
   * @throws {ApiError} if the server rejects the event
   */
  async send(json: string, title: string, repeat: Repeat): Promise<void> {
    const key = this.#keys++;
    const first: Sent = { key, title, repeat, accepted: 0, state: 'sending' };
    this.#sent = [first, ...this.#sent].slice(0, MAX_SENT);
    try {
      if (repeat.count === 1) await this.#sendOne(key, json);
      else await this.#sendMany(key, json, repeat);
    } catch (error) {
      const isUnanswered = error instanceof ApiError && error.code === 'NETWORK';
      this.#change(key, { state: isUnanswered ? 'unknown' : 'failed', error });
      throw error;
    }
  }

  /** Stops the repetition. */
  stop(key: number): void {
    this.#stopped.add(key);
  }

  /** Stops all repetitions. */
  close(): void {
    this.#isClosed = true;
  }

  async #sendOne(key: number, text: string): Promise<void> {
    const start = this.#now();
    const { id } = await this.#client.json<{ readonly id: string }>('v1/events', { method: 'POST', text });
    this.#change(key, { accepted: 1, id, state: 'accepted', acceptedMs: this.#now() - start });
    void this.#watch(key, id, start);
  }

  async #sendMany(key: number, json: string, repeat: Repeat): Promise<void> {
    const start = this.#now();
    let accepted = 0;
    while (accepted < repeat.count && !this.#isClosed && !this.#stopped.has(key)) {
      const due = dueNow(repeat, accepted, this.#now() - start);
      if (due === 0) {
        await this.#wait(STEP_MS);
        continue;
      }
      const text = `[${Array.from({ length: due }, () => json).join()}]`;
      const { results } = await this.#client.json<{ readonly results: readonly Result[] }>('v1/events', {
        method: 'POST',
        text,
      });
      const ids = results.flatMap((result) => ('id' in result ? [result.id] : []));
      accepted += ids.length;
      this.#change(key, { accepted, id: ids.at(-1) ?? '' });
      const rejected = results.find((result) => 'error' in result);
      if (rejected !== undefined) throw new ApiError(rejected.error.message, rejected.error);
    }
    this.#change(key, { state: accepted < repeat.count ? 'stopped' : 'accepted' });
  }

  /** Waits until the event is stored. */
  async #watch(key: number, id: string, start: number): Promise<void> {
    for (let poll = 0; poll < MAX_POLLS && !this.#isClosed; poll++) {
      const page = await this.#client
        .events({ filter: `id:${formatValue('id', id)}`, limit: 1, freshMs: 0 })
        .catch(() => undefined);
      if (page?.events.length === 1)
        return this.#change(key, { state: 'stored', storedMs: this.#now() - start });
      await this.#wait(POLL_MS);
    }
  }

  #change(key: number, changes: Partial<Sent>): void {
    this.#sent = this.#sent.map((each) => (each.key === key ? { ...each, ...changes } : each));
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
