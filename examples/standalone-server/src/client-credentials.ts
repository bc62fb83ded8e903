import { reasonOf } from '@vigilant/core/adapter';
import type { KafkaToken } from '@vigilant/kafka';

/** Maximum time that a token endpoint has to answer, in milliseconds. */
const ANSWER_MS = 10_000;

/** Lifetime of a token whose lifetime the endpoint does not state, in seconds. */
const DEFAULT_LIFETIME_S = 60;

/** Share of its lifetime for which a token is used. */
const USED_SHARE = 0.8;

/** An application that is registered with a token endpoint of OAuth 2.0. */
export interface ClientCredentials {
  readonly url: string;
  readonly clientId: string;
  /** Returns the current secret. */
  readonly readSecret: () => string;
  readonly scope: string | undefined;
  /** SASL extensions that Kafka receives with the token. */
  readonly extensions: Readonly<Record<string, string>>;
}

/** Supplies tokens of an endpoint. */
export interface TokenSource {
  /** Returns a valid token. Requests another one after four fifths of its lifetime. */
  token(): Promise<KafkaToken>;
}

/**
 * Creates a source that uses the client credentials grant (RFC 6749, section 4.4).
 *
 * @param now - A monotonic time in milliseconds.
 */
export function createTokenSource(client: ClientCredentials, now = () => performance.now()): TokenSource {
  return new CachingSource(client, now);
}

class CachingSource implements TokenSource {
  readonly #client: ClientCredentials;
  readonly #now: () => number;
  #current: KafkaToken | undefined;
  #usableUntil = 0;
  #requesting: Promise<KafkaToken> | undefined;

  constructor(client: ClientCredentials, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  async token(): Promise<KafkaToken> {
    if (this.#current !== undefined && this.#now() < this.#usableUntil) return this.#current;
    this.#requesting ??= this.#request().finally(() => (this.#requesting = undefined));
    return this.#requesting;
  }

  async #request(): Promise<KafkaToken> {
    const { url, extensions } = this.#client;
    const requestedAt = this.#now();
    try {
      const { value, lifetimeS } = await requestToken(this.#client);
      this.#usableUntil = requestedAt + lifetimeS * 1_000 * USED_SHARE;
      this.#current = { value, extensions };
      return this.#current;
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      throw new Error(`The token endpoint ${url} returned no token: ${reasonOf(cause)}.`, { cause: error });
    }
  }
}

/** The fields of an answer of a token endpoint. */
interface TokenAnswer {
  readonly access_token?: unknown;
  readonly expires_in?: unknown;
  readonly error?: unknown;
}

async function requestToken({ url, clientId, readSecret, scope }: ClientCredentials) {
  const account = [clientId, readSecret()].map(encodeURIComponent).join(':');
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    headers: { accept: 'application/json', authorization: `Basic ${btoa(account)}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scope === undefined ? {} : { scope }),
    }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const answer = (await response.json().catch(() => ({}))) as TokenAnswer;
  const { access_token: value, expires_in: lifetime, error } = answer;
  if (!response.ok || typeof value !== 'string')
    throw new Error(`it answered ${response.status}${typeof error === 'string' ? ` ${error}` : ''}`);
  const seconds = Number(lifetime);
  return { value, lifetimeS: seconds > 0 ? seconds : DEFAULT_LIFETIME_S };
}
