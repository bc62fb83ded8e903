import { createVigilant } from '@vigilant/core';
import { expect, it, onTestFinished } from 'vitest';

it('uses one signal for many concurrent calls without a process warning', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  const vigilant = createVigilant();
  const { signal } = new AbortController();
  const tails = Array.from({ length: 20 }, () => vigilant.tail('', { signal }));
  await Promise.all([
    ...Array.from({ length: 20 }, () => vigilant.query('', { signal })),
    ...Array.from({ length: 20 }, () => vigilant.flush({ signal })),
  ]);
  await Promise.all(tails.map((tail) => tail.return?.()));
  await vigilant.close();
  expect(warnings).toEqual([]);
});
