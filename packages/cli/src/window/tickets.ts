import type { Clock } from '@vigilant/core';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** How long a ticket is valid, in milliseconds. */
export const TICKET_MS = 30_000;

/** A secret that opens one window. */
export interface Ticket {
  readonly secret: string;
  /** Resolves once the ticket is used, has expired, or is revoked. */
  readonly settled: Promise<'used' | 'expired' | 'revoked'>;
  revoke(): void;
}

/** Issues tickets, and the token of the session that a page receives in exchange. */
export interface Tickets {
  issue(): Ticket;
  /** Returns the token of the session for a valid ticket, which is then used up. */
  redeem(secret: string): string | undefined;
  /** Returns whether the value of an `Authorization` header has the token of the session. */
  isSession(authorization: string | null): boolean;
}

/** Creates tickets with a new session. */
export function createTickets(clock: Clock): Tickets {
  return new TicketBox(clock);
}

type Outcome = 'used' | 'expired' | 'revoked';

class TicketBox implements Tickets {
  readonly #clock: Clock;
  readonly #session = createSecret();
  readonly #open = new Map<string, (outcome: Outcome) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(): Ticket {
    const secret = createSecret();
    let settle = (_: Outcome): void => {};
    const settled = new Promise<Outcome>((resolve) => (settle = resolve));
    const close = (outcome: Outcome): void => {
      this.#open.delete(secret);
      timer.cancel();
      settle(outcome);
    };
    const timer = this.#clock.after(TICKET_MS, () => close('expired'));
    this.#open.set(secret, close);
    return { secret, settled, revoke: () => close('revoked') };
  }

  redeem(secret: string): string | undefined {
    // All tickets are compared, so that the time does not depend on the one that matches.
    const matching = [...this.#open].filter(([open]) => isSame(open, secret));
    for (const [, close] of matching) close('used');
    return matching.length === 0 ? undefined : this.#session;
  }

  isSession(authorization: string | null): boolean {
    const [scheme = '', token = ''] = (authorization ?? '').split(' ');
    return scheme.toLowerCase() === 'bearer' && isSame(this.#session, token);
  }
}

/** Returns 256 random bits. */
function createSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares two texts in constant time. The hashes have equal lengths. */
function isSame(expected: string, actual: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(expected), hash(actual));
}
