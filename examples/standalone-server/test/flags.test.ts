import { describe, expect, it } from 'vitest';
import { readFlags } from '../src/flags';

describe('readFlags', () => {
  it('reads --demo', () => {
    expect(readFlags(['--demo'])).toEqual({ isDemo: true });
    expect(readFlags([])).toEqual({ isDemo: false });
  });

  it.each(['--demos', 'demo', '--port=1', ''])('rejects %j', (argument) => {
    expect(() => readFlags([argument])).toThrow(`Unknown argument "${argument}"`);
  });
});
