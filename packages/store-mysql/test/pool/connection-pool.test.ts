import { createManualClock } from '@vigilant/core';
import { yieldToEventLoop } from '@vigilant/core/adapter';
import { describe, expect, it } from 'vitest';
import { createConnectionPool } from '../../src/pool/connection-pool';
import type { MysqlSession } from '../../src/connection/mysql-session';

const MINUTE_MS = 60_000;

/** The members of a session that a pool uses. */
class FakeSession {
  readonly server: { readonly waitTimeoutSeconds: number };
  isLost = false;
  isEnded = false;
  constructor(waitTimeoutSeconds: number) {
    this.server = { waitTimeoutSeconds };
  }
  setIdle(): void {}
  end(): Promise<void> {
    this.isEnded = true;
    return Promise.resolve();
  }
  destroy(): void {
    this.isLost = true;
    this.isEnded = true;
  }
}

function createPool({ max = 2, waitTimeoutSeconds = 28_800, onReadOnly = () => {} } = {}) {
  const clock = createManualClock();
  const connected: FakeSession[] = [];
  const pool = createConnectionPool({
    connect() {
      const session = new FakeSession(waitTimeoutSeconds);
      connected.push(session);
      return Promise.resolve(session as unknown as MysqlSession);
    },
    max,
    monotonic: () => clock.monotonic(),
    onReadOnly,
  });
  return { pool, clock, connected };
}

const serverError = (errno: number): Error => Object.assign(new Error(`error ${errno}`), { errno });

describe('ConnectionPool', () => {
  it('ends a busy connection after five minutes', async () => {
    const { pool, clock, connected } = createPool();
    for (let minute = 0; minute < 12; minute += 1) {
      for (let second = 0; second < 60; second += 30) {
        await pool.use(() => Promise.resolve());
        await clock.advance(MINUTE_MS / 2);
      }
    }
    expect(connected).toHaveLength(3);
    expect(connected.map(({ isEnded }) => isEnded)).toEqual([true, true, false]);
  });

  it('ends a connection that became too old during its work', async () => {
    const { pool, clock, connected } = createPool();
    await pool.use(() => clock.advance(6 * MINUTE_MS));
    expect(connected.map(({ isEnded }) => isEnded)).toEqual([true]);
  });

  it.each([
    [100, 50_000],
    [28_800, MINUTE_MS],
  ])(
    'replaces an idle connection if wait_timeout is %i s and it was idle for %i ms',
    async (seconds, idleMs) => {
      const { pool, clock, connected } = createPool({ waitTimeoutSeconds: seconds });
      await pool.use(() => Promise.resolve());
      await clock.advance(idleMs - 1);
      await pool.use(() => Promise.resolve());
      expect(connected).toHaveLength(1);
      await clock.advance(idleMs);
      await pool.use(() => Promise.resolve());
      expect(connected.map(({ isEnded }) => isEnded)).toEqual([true, false]);
    },
  );

  it('ends idle connections and those in use once they are retired', async () => {
    const { pool, connected } = createPool();
    await Promise.all([pool.use(() => Promise.resolve()), pool.use(() => Promise.resolve(pool.retire()))]);
    await pool.use(() => Promise.resolve());
    expect(connected.map(({ isEnded }) => isEnded)).toEqual([true, true, false]);
  });

  for (const errno of [1290, 1792, 1836, 1874, 3032, 1047, 3098, 3100])
    it(`repeats the work on a new connection when the server is read-only (${errno})`, async () => {
      let retired = 0;
      const { pool, connected } = createPool({ onReadOnly: () => (retired += 1) });
      const result = pool.use(async (session) => {
        await Promise.resolve();
        if ((session as unknown) !== connected[0]) return 'done';
        connected[0]?.destroy();
        throw serverError(errno);
      });
      expect(await result).toBe('done');
      expect(retired).toBe(1);
      expect(connected).toHaveLength(2);
    });

  it('rejects when the new connection leads to a read-only server too', async () => {
    const { pool, connected } = createPool();
    await expect(pool.use(() => Promise.reject(serverError(1290)))).rejects.toMatchObject({ errno: 1290 });
    expect(connected).toHaveLength(2);
  });

  it('does not repeat work that failed for another reason', async () => {
    const { pool, connected } = createPool();
    await expect(pool.use(() => Promise.reject(serverError(1213)))).rejects.toMatchObject({ errno: 1213 });
    expect(connected).toHaveLength(1);
  });

  it('opens many connections at once without a warning of Node.js', async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', onWarning);
    const { pool, connected } = createPool({ max: 50 });
    await Promise.all(Array.from({ length: 50 }, () => pool.use(() => Promise.resolve())));
    // Node.js emits warnings in a later turn.
    await yieldToEventLoop();
    process.off('warning', onWarning);
    expect(connected).toHaveLength(50);
    expect(warnings).toEqual([]);
  });
});
