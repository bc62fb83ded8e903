import { once } from 'node:events';
import { createMemoryBroker, createVigilant } from '@vigilant/core';
import { guardDiagnostics } from '@vigilant/core/adapter';
import { describe, expect, it, onTestFinished } from 'vitest';
import { settle } from '../support';

/** Collects the warnings of the process. */
function collect() {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  return warnings;
}

describe('diagnostics without a sink', () => {
  it('become one warning of the process for each kind of warning or error', async () => {
    const warnings = collect();
    const report = guardDiagnostics(undefined, () => 0);
    for (const level of ['debug', 'info', 'warn', 'error', 'warn'] as const)
      report({ level, component: 'store', code: 'append-failed', message: `${level}\nof disk` });
    report({ level: 'error', component: 'broker', code: 'append-failed', message: 'full' });
    await settle();
    expect(warnings).toMatchObject([
      {
        name: 'VigilantWarning',
        code: 'append-failed',
        message: expect.stringMatching(/^store: warn\S+of disk /) as string,
      },
      { name: 'VigilantWarning', message: expect.stringMatching(/^broker: full /) as string },
    ]);
  });

  it('show that events are not stored', async () => {
    const broker = createMemoryBroker();
    broker.open = () => Promise.reject(new Error('no such folder'));
    const vigilant = createVigilant({ broker });
    const warned = once(process, 'warning');
    for (let n = 0; n < 100; n += 1) vigilant.error('lost');
    expect((await warned)[0]).toMatchObject({ message: expect.stringContaining('no such folder') as string });
    expect(await vigilant.close()).toMatchObject({ stored: 0, lost: 0, rejected: 100 });
  });
});
