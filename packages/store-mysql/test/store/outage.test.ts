import { expect, it } from 'vitest';
import { createTestContext } from '@vigilant/conformance';
import { describeWithOwnServices } from '../../../../scripts/services/in-tests.mjs';
import { startMariadb } from '../../../../scripts/services/mysql.mjs';
import { createMysqlStore } from '../../src/index';
import { nameDatabase } from '../support/databases';
import { makeEvents } from '../support/events';

describeWithOwnServices(['mariadb'], 'MysqlStore on a server that does not respond', () => {
  it('stops opening when it is closed, and stays closed', async () => {
    const server = await startMariadb();
    try {
      const { url } = nameDatabase(server.address);
      const first = createMysqlStore({ url });
      await first.open(createTestContext());
      await first.close();
      process.kill(server.pid as number, 'SIGSTOP');
      const context = createTestContext();
      const store = createMysqlStore({ url, connectTimeoutMs: 1_000 });
      const opening = store.open(context).catch((error: { code: string }) => error.code);
      await store.close();
      expect(await opening).toBe('VIGILANT_STORE_CLOSED');
      await expect(store.append(makeEvents(1))).rejects.toMatchObject({ code: 'VIGILANT_STORE_CLOSED' });
      expect(context.pendingTimers).toBe(0);
    } finally {
      process.kill(server.pid as number, 'SIGCONT');
      await server.dispose();
    }
  });

  it('rejects running operations when the engine gives up waiting for close, and leaves no timer', async () => {
    const server = await startMariadb();
    try {
      const context = createTestContext();
      const store = createMysqlStore({ url: nameDatabase(server.address).url });
      await store.open(context);
      await store.append(makeEvents(10));
      process.kill(server.pid as number, 'SIGSTOP');
      const running = [store.append(makeEvents(10)), store.status(), store.append(makeEvents(10))];
      const settled = Promise.allSettled(running);
      const closing = store.close();
      setTimeout(() => context.abort(), 200);
      await closing;
      for (const result of await settled)
        expect(result).toMatchObject({ status: 'rejected', reason: { code: 'VIGILANT_STORE_CLOSED' } });
      expect(context.pendingTimers).toBe(0);
    } finally {
      process.kill(server.pid as number, 'SIGCONT');
      await server.dispose();
    }
  });
});
