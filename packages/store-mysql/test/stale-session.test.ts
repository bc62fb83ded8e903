import { systemClock } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { Progress } from '../src/progress';
import { scan } from '../src/scan';
import type { Session } from '../src/session';
import { nameTables } from '../src/tables';

/** A session whose server has stored sequences up to a number, and shows no events. */
function createSession(lastSequence: number): Session {
  return {
    rows: (sql: string) => Promise.resolve(sql.includes('last_sequence') ? [['epoch', lastSequence]] : []),
    destroy: () => {},
  } as unknown as Session;
}

describe('scan', () => {
  it('rejects when a later statement runs on a server that is behind', async () => {
    const progress = new Progress();
    progress.note({ epoch: 'epoch', lastSequence: 5 });
    const sessions = [createSession(5), createSession(3)];
    const page = scan(
      { filter: { kind: 'all' }, order: 'newest', limit: 10, maxBytes: 1_000_000 },
      {
        tables: nameTables('vigilant_'),
        clock: systemClock,
        progress,
        use: (work) => work(sessions.length > 1 ? (sessions.shift() as Session) : (sessions[0] as Session)),
        throwIfEnded: () => {},
      },
    );
    await expect(page).rejects.toThrow('up to sequence 3');
  });
});
