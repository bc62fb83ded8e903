import { createVigilant } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { runDemo } from '../../src/demo/run-demo';

describe('runDemo', () => {
  it('logs the last hour at once, and stops with its signal', async () => {
    const vigilant = createVigilant();
    const controller = new AbortController();
    const running = runDemo(vigilant, controller.signal);
    let first;
    do {
      const page = await vigilant.query('group:demo', { order: 'oldest', limit: 1 });
      first = page.events[0];
    } while (first === undefined);
    expect(Date.now() - first.timestamp).toBeGreaterThan(59 * 60_000);
    controller.abort();
    await running;
    await vigilant.close();
  });

  it('stores nothing twice when it runs again', async () => {
    const vigilant = createVigilant();
    for (let run = 0; run < 2; run++) {
      const controller = new AbortController();
      const running = runDemo(vigilant, controller.signal);
      await vigilant.tail('group:demo').next();
      controller.abort();
      await running;
    }
    await vigilant.flush();
    const { scheduler } = await vigilant.status();
    await vigilant.close();
    expect(scheduler.duplicates).toBeGreaterThan(0);
    expect(scheduler.conflicts).toBe(0);
  });
});
