import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Diagnostic } from '../../src/util/diagnostics';
import { createVigilant } from '../../src/engine/engine';
import { settle } from '../support';

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(() => void process.off('unhandledRejection', note));

describe('Logger after close()', () => {
  it.each(['log', 'logBatch', 'info'] as const)(
    'reports the failure of a %s() that is not awaited, without an unhandled rejection',
    async (method) => {
      const diagnostics: Diagnostic[] = [];
      const vigilant = createVigilant({ onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) });
      await vigilant.close();
      if (method === 'log') void vigilant.log({ message: 'late' });
      else if (method === 'logBatch') void vigilant.logBatch([{ message: 'late' }]);
      else vigilant.info('late');
      await settle();
      expect(unhandled).toEqual([]);
      expect(diagnostics).toMatchObject([{ code: 'event-refused', error: { code: 'VIGILANT_CLOSED' } }]);
    },
  );

  it('rejects a logBatch() that is awaited', async () => {
    const vigilant = createVigilant();
    await vigilant.close();
    await expect(vigilant.logBatch([{ message: 'late' }])).rejects.toMatchObject({ code: 'VIGILANT_CLOSED' });
  });
});

describe('a revoked Proxy', () => {
  function setUp() {
    const diagnostics: Diagnostic[] = [];
    const vigilant = createVigilant({ onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) });
    onTestFinished(() => vigilant.close().then(() => {}));
    const { proxy, revoke } = Proxy.revocable<object>({}, {});
    revoke();
    return { vigilant, diagnostics, revoked: proxy as never };
  }
  const invalid = { code: 'VIGILANT_EVENT_INVALID' };

  it('is an invalid event', async () => {
    const { vigilant, revoked } = setUp();
    await expect(vigilant.log(revoked)).rejects.toMatchObject({ ...invalid, message: 'cannot be read' });
    await expect(vigilant.log({ message: 'm', data: revoked })).rejects.toMatchObject(invalid);
    expect(await vigilant.logBatch([revoked, { message: 'm' }])).toMatchObject({
      accepted: 1,
      results: [{ error: { ...invalid, violations: [{ field: 'events[0]' }] } }, {}],
    });
  });

  it('becomes a mark in the data when it is the message of info()', async () => {
    const { vigilant, revoked } = setUp();
    vigilant.info(revoked);
    const { events } = await vigilant.query();
    expect(events).toMatchObject([{ data: { value: expect.stringContaining('[Unreadable') as string } }]);
  });

  it('makes an Error an invalid message if its text cannot be read', () => {
    const { vigilant, diagnostics, revoked } = setUp();
    vigilant.info(Object.defineProperty(new Error(), 'message', { get: () => Object.keys(revoked) }));
    expect(diagnostics).toMatchObject([{ code: 'event-refused', error: invalid }]);
  });

  it('becomes a mark in the data of info()', async () => {
    const { vigilant, diagnostics, revoked } = setUp();
    vigilant.info('plain', revoked);
    vigilant.info(new Error('failed'), revoked);
    vigilant.info(new Error('failed'), {
      get getter(): never {
        throw new Error('closed');
      },
    });
    const { events } = await vigilant.query('', { order: 'arrival' });
    expect(events.map(({ data }) => data)).toMatchObject([
      { value: expect.stringContaining('[Unreadable') as string },
      { value: expect.stringContaining('[Unreadable') as string, error: { message: 'failed' } },
      { value: { getter: '[Unreadable: closed]' }, error: { message: 'failed' } },
    ]);
    expect(diagnostics).toEqual([]);
  });
});

describe('logBatch() with an argument that is not an array', () => {
  it('is reported to the diagnostics and counted', async () => {
    const diagnostics: Diagnostic[] = [];
    const vigilant = createVigilant({ onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) });
    void vigilant.logBatch(null as never);
    await settle();
    expect(diagnostics).toMatchObject([{ code: 'event-refused', error: { code: 'VIGILANT_EVENT_INVALID' } }]);
    expect((await vigilant.status()).intake.invalid).toBe(1);
    await vigilant.close();
  });
});
