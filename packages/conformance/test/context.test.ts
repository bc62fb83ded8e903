import { expect, it, onTestFinished } from 'vitest';
import { createTestContext } from '../src/context';

it('creates a context whose signal many concurrent calls can use without a process warning', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  const { signal } = createTestContext();
  for (let calls = 0; calls < 20; calls += 1) signal.addEventListener('abort', () => {});
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
});
