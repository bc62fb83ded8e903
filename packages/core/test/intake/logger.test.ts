import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

describe('logBatch() of something else than an array', () => {
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
