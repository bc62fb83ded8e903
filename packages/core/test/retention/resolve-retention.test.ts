import { describe, expect, it } from 'vitest';
import type { RetentionOptions } from '../../src/contracts/retention';
import { createMemoryStore } from '../../src/memory/memory-store';
import { resolveRetention } from '../../src/retention/resolve-retention';
import { VigilantError } from '../../src/util/errors';
import { readOnly } from '../support';

const NOW = 1_700_000_000_000;
const DAY_MS = 86_400_000;

describe('resolveRetention', () => {
  it.each<[RetentionOptions | undefined]>([
    [undefined],
    [{}],
    [{ maxAge: undefined, byLevel: { DEBUG: undefined }, maxBytes: undefined }],
  ])('returns undefined for %j, which keeps every event', (options) => {
    expect(resolveRetention(options, createMemoryStore())).toBeUndefined();
  });

  it('returns the policy at a time, and the rules as they were given', () => {
    const rules = { maxAge: '30d', byLevel: { DEBUG: '12h', ERROR: 'forever' }, maxBytes: 10_000_000 };
    const resolved = resolveRetention(rules, createMemoryStore());
    expect(resolved?.rules).toEqual(rules);
    expect(resolved?.policyAt(NOW)).toEqual({
      receivedBefore: NOW - 30 * DAY_MS,
      receivedBeforeByLevel: { DEBUG: NOW - DAY_MS / 2, ERROR: -(2 ** 43) },
      maxBytes: 10_000_000,
    });
  });

  it.each<[unknown, string]>([
    [5, 'retention must be an object, not 5.'],
    [{ maxage: '1d' }, 'Unknown option "maxage" of retention. Did you mean "maxAge"?'],
    [{ maxAge: 30 }, "retention.maxAge must be a duration of at least 1s, such as '30d' or '12h'"],
    [{ maxAge: '30' }, 'or \'forever\', not "30".'],
    [{ maxAge: '30 days' }, 'not "30 days".'],
    [{ maxAge: '999ms' }, 'not "999ms".'],
    [{ maxAge: '-1d' }, 'not "-1d".'],
    [{ maxAge: '9999999999w' }, 'not "9999999999w".'],
    [{ byLevel: { debug: '1d' } }, 'Unknown option "debug" of retention.byLevel. Did you mean "DEBUG"?'],
    [{ byLevel: { DEBUG: 1 } }, 'retention.byLevel.DEBUG must be a duration'],
    [{ byLevel: [] }, 'retention.byLevel must be an object, not an empty array.'],
    [{ maxBytes: '10GB' }, 'retention.maxBytes must be an integer from 1048576 to '],
    [{ maxBytes: 1 }, 'not 1.'],
  ])('rejects %j', (options, message) => {
    const resolve = () => resolveRetention(options as RetentionOptions, createMemoryStore());
    expect(resolve).toThrow(VigilantError);
    expect(resolve).toThrow(message);
  });

  it('rejects rules for a store that cannot delete, and accepts the absence of rules', () => {
    const withoutPrune = Object.assign(createMemoryStore(), { prune: undefined });
    expect(() => resolveRetention({ maxAge: '1d' }, withoutPrune)).toThrow(
      'retention must be absent, because the store has no method prune().',
    );
    const store = readOnly(createMemoryStore());
    expect(() => resolveRetention({ maxAge: '1d' }, store)).toThrow('because the store is read-only');
    expect(resolveRetention({}, store)).toBeUndefined();
  });
});
