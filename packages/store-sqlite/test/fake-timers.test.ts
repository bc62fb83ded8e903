import { createVigilant } from '@vigilant/core';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { sqlite } from '../src/index';
import { createFolder } from './support/folder';

afterEach(() => void vi.useRealTimers());

describe('sqlite() under fake timers', () => {
  it('logs, stores, queries and closes', async () => {
    const folder = createFolder();
    onTestFinished(() => folder.remove());
    vi.useFakeTimers();
    const vigilant = createVigilant({ ...sqlite(folder.path), batch: { intervalMs: 10 } });
    await vigilant.log({ message: 'first' });
    expect((await vigilant.query()).events).toHaveLength(1);
    expect(await vigilant.close()).toEqual({ stored: 1, left: 0, lost: 0, rejected: 0 });
  });
});
