import { createManualClock } from '@vigilant/core';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { resolveMysqlOptions } from '../../src/connection/mysql-options';
import type { MysqlStoreOptions } from '../../src/connection/mysql-options';
import type { MysqlSession } from '../../src/connection/mysql-session';
import { connectSession } from '../../src/connection/mysql-session';
import { startProxy } from '../support/proxy';

const LOST = { code: 'PROTOCOL_CONNECTION_LOST' };

/** Bytes after which a client has sent the handshake and is setting up its session. */
const HANDSHAKE_BYTES = 250;

describeWithService('mariadb', 'a session whose server freezes', (address) => {
  const start = async (options: MysqlStoreOptions) => {
    const clock = createManualClock();
    const proxy = await startProxy(address);
    onTestFinished(() => proxy.close());
    const resolved = resolveMysqlOptions({ url: proxy.url, ...options });
    const connect = (role: 'reader' | 'writer'): Promise<MysqlSession> =>
      connectSession({ options: resolved, clock, role, database: '' });
    return { clock, proxy, connect };
  };

  it('ends after connectTimeoutMs while it is set up', async () => {
    const { clock, proxy, connect } = await start({
      connectTimeoutMs: 5_000,
      statementTimeoutMs: 3_600_000,
    });
    const isFrozen = proxy.freeze(HANDSHAKE_BYTES, 'answer');
    const connecting = connect('reader').catch((error: unknown) => error);
    await isFrozen;
    await clock.advance(5_000);
    expect(await connecting).toMatchObject(LOST);
  });

  it.each([
    ['reader', 1_000, 16_000],
    ['reader', 3_600_000, 3_615_000],
    ['writer', 1_000, 45_000],
    ['writer', 3_600_000, 45_000],
  ] as const)('ends as a %s with statementTimeoutMs %i after %i ms', async (role, limitMs, silenceMs) => {
    const { clock, proxy, connect } = await start({ statementTimeoutMs: limitMs });
    const session = await connect(role);
    onTestFinished(() => session.destroy());
    const isFrozen = proxy.freeze(0, 'answer');
    const outcome = session.rows('SELECT 1').catch((error: unknown) => error);
    await isFrozen;
    await clock.advance(silenceMs - 1);
    expect(session.isLost).toBe(false);
    await clock.advance(1);
    expect(await outcome).toMatchObject(LOST);
  });
});
