import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { abortAfter, never, settles } from '../src/waiting';

describe('abortAfter', () => {
  it('aborts a signal that is combined with it, even after a garbage collection', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const combine = async (): Promise<void> => {
      const combined = AbortSignal.any([abortAfter(50), never]);
      await new Promise((resolve) => combined.addEventListener('abort', resolve, { once: true }));
    };
    const aborted = combine();
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(await settles(aborted, 10_000)).toBe(true);
  });
});
