import { expect } from 'vitest';
import { runCase } from '../../src/suite';
import type { Case, CaseFixture } from '../../src/suite';

/** How long a case waits for a broken adapter, in milliseconds. */
export const PATIENCE_MS = 1_000;

/** Each adapter runs the cases that it must fail and one in `SHARE` of the others. The long tests run all of them. */
const SHARE = process.env['VIGILANT_LONG'] ? 1 : 5;

/** Returns the cases for the broken adapter at an index. The adapters share the cases out evenly. */
export function casesFor<T extends { readonly id: string }>(
  cases: readonly T[],
  index: number,
  fails: readonly string[],
): readonly T[] {
  return cases.filter(({ id }, position) => fails.includes(id) || (position + index) % SHARE === 0);
}

/** Runs all cases, at most `concurrency` at a time. Returns the ids of those that fail. */
export async function failuresOf<Fixture extends CaseFixture<Need>, Need extends string>(
  cases: readonly Case<Fixture, Need>[],
  createFixture: () => Promise<Fixture>,
  concurrency = 1,
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (let start = 0; start < cases.length; start += concurrency) {
    const group = cases.slice(start, start + concurrency);
    const outcomes = await Promise.all(group.map((testCase) => runCase(testCase, createFixture)));
    for (const [index, { id }] of group.entries()) {
      const kind = outcomes[index]?.kind;
      expect(kind, `${id} must apply to an adapter that has every feature`).not.toBe('skipped');
      if (kind === 'failed') failed.push(id);
    }
  }
  return failed;
}
