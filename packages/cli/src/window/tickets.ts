import type { Clock, Timer } from '@vigilant/core';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** How long a ticket is valid, in milliseconds. */
export const TICKET_MS = 30_000;

/** How the validity of a ticket ended. */
type Outcome = 'used' | 'expired' | 'revoked';

/** A secret that opens one window. */
export interface Ticket {
  readonly secret: string;
  /** Resolves once the ticket is used, has expired, or is revoked. */
  readonly settled: Promise<Outcome>;
  readonly revoke: () => void;
}

/** Issues tickets, and the token of the session that a page receives in exchange. */
export interface Tickets {
  issue(): Ticket;
  /** Exchanges a valid ticket for the token of the session. Each ticket is valid once. */
  redeem(secret: string): string | undefined;
  /** Returns whether the value of an `Authorization` header contains the token of the session. */
  isSession(authorization: string | null): boolean;
}

/** Creates tickets with a new session. */
export function createTickets(clock: Clock): Tickets {
  return new SessionTickets(clock);
}

class SessionTickets implements Tickets {
  readonly #clock: Clock;
  readonly #session = createSecret();
  readonly #open = new Set<OpenTicket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(): Ticket {
    const ticket = new OpenTicket(this.#clock, () => this.#open.delete(ticket));
    this.#open.add(ticket);
    return ticket;
  }

  redeem(secret: string): string | undefined {
    // Compares all tickets, so that the duration does not depend on the one that matches.
    const matching = [...this.#open].filter((ticket) => isSame(ticket.secret, secret));
    for (const ticket of matching) ticket.end('used');
    return matching.length === 0 ? undefined : this.#session;
  }

  isSession(authorization: string | null): boolean {
    const [scheme = '', token = ''] = (authorization ?? '').split(' ');
    return scheme.toLowerCase() === 'bearer' && isSame(this.#session, token);
  }
}

class OpenTicket implements Ticket {
  readonly secret = createSecret();
  readonly settled: Promise<Outcome>;
  readonly #timer: Timer;
  readonly #onEnd: () => void;
  #settle: (outcome: Outcome) => void = () => {};

  constructor(clock: Clock, onEnd: () => void) {
    this.#onEnd = onEnd;
    this.settled = new Promise((resolve) => (this.#settle = resolve));
    this.#timer = clock.after(TICKET_MS, () => this.end('expired'));
  }

  readonly revoke = (): void => this.end('revoked');

  end(outcome: Outcome): void {
    this.#timer.cancel();
    this.#onEnd();
    this.#settle(outcome);
  }
}

/** Returns 256 random bits as text. */
function createSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares two texts in constant time. The hashes have equal lengths. */
function isSame(expected: string, actual: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(expected), hash(actual));
}
