import { createManualClock } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { TICKET_MS, createTickets } from '../../src/window/tickets';

describe('Tickets', () => {
  it('exchanges a ticket once', async () => {
    const tickets = createTickets(createManualClock());
    const { secret, settled } = tickets.issue();
    const session = tickets.redeem(secret);
    expect(session).toMatch(/^[\w-]{43}$/);
    expect(tickets.redeem(secret)).toBeUndefined();
    expect(await settled).toBe('used');
  });

  it('rejects other secrets, and leaves the ticket valid', () => {
    const tickets = createTickets(createManualClock());
    const { secret } = tickets.issue();
    for (const wrong of ['', 'x', `${secret}x`, secret.slice(1)])
      expect(tickets.redeem(wrong)).toBeUndefined();
    expect(tickets.redeem(secret)).toBeDefined();
  });

  it('rejects a ticket after 30 s', async () => {
    const clock = createManualClock();
    const tickets = createTickets(clock);
    const early = tickets.issue();
    await clock.advance(TICKET_MS - 1);
    expect(tickets.redeem(early.secret)).toBeDefined();
    const late = tickets.issue();
    await clock.advance(TICKET_MS);
    expect(tickets.redeem(late.secret)).toBeUndefined();
    expect(await late.settled).toBe('expired');
    expect(clock.pendingTimers).toBe(0);
  });

  it('rejects a revoked ticket', async () => {
    const clock = createManualClock();
    const tickets = createTickets(clock);
    const { secret, revoke, settled } = tickets.issue();
    revoke();
    expect(tickets.redeem(secret)).toBeUndefined();
    expect(await settled).toBe('revoked');
    expect(clock.pendingTimers).toBe(0);
  });

  it('accepts only the token of its session', () => {
    const tickets = createTickets(createManualClock());
    const session = tickets.redeem(tickets.issue().secret) ?? '';
    expect(tickets.redeem(tickets.issue().secret)).toBe(session);
    expect(tickets.isSession(`Bearer ${session}`)).toBe(true);
    for (const wrong of [null, '', session, `Basic ${session}`, `Bearer ${session}x`, 'Bearer '])
      expect(tickets.isSession(wrong)).toBe(false);
    expect(createTickets(createManualClock()).isSession(`Bearer ${session}`)).toBe(false);
  });
});
