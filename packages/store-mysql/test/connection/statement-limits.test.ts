import { systemClock } from '@vigilant/core';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { resolveMysqlOptions } from '../../src/connection/mysql-options';
import type { SessionRole } from '../../src/connection/driver-options';
import type { MysqlSession } from '../../src/connection/mysql-session';
import { connectSession } from '../../src/connection/mysql-session';
import { translateError } from '../../src/connection/translate-error';
import { SERVICES } from '../support/databases';

/** Runs for much longer than the shortest limit, and contains the id of an event. */
const SLOW = `SELECT COUNT(*), 'order-4711' FROM information_schema.columns a, information_schema.columns b,
  information_schema.columns c WHERE a.column_name <> b.column_name OR c.column_name <> a.table_name`;

for (const service of SERVICES)
  describeWithService(service, `a session of ${service}`, (address) => {
    const connect = async (role: SessionRole): Promise<MysqlSession> => {
      const options = resolveMysqlOptions({ url: address, statementTimeoutMs: 1_000 });
      const session = await connectSession({ options, clock: systemClock, role, database: '' });
      onTestFinished(() => session.destroy());
      return session;
    };

    it('reports a statement that reads for too long as a fault that may pass, without its text', async () => {
      const session = await connect('reader');
      const error = await session.rows(SLOW).catch((reason: unknown) => reason);
      const translated = translateError(error, 'the server');
      expect(translated).toMatchObject({
        code: 'VIGILANT_STORE_UNAVAILABLE',
        retryable: true,
        message: expect.stringContaining('raise statementTimeoutMs') as string,
      });
      expect(`${translated.message} ${(error as Error).message}`).not.toContain('order-4711');
      expect(session.isLost).toBe(false);
    });

    it('does not limit the statements of a writer, regardless of the default limit of the server', async () => {
      const session = await connect('writer');
      const [row] = await session.rows(
        session.server.product === 'MariaDB' ? 'SELECT @@max_statement_time' : 'SELECT @@max_execution_time',
      );
      expect(Number(row?.[0])).toBe(0);
    });
  });
