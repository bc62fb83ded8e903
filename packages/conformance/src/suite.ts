import assert from 'node:assert/strict';

/** The functions of a test runner that the suites use: those of vitest, jest and node:test fit. */
export interface TestRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: (...context: unknown[]) => Promise<void>, timeoutMs?: number): void;
}

/** Options of every suite. */
export interface SuiteOptions {
  /** Names the adapter in the titles of the tests. */
  readonly name: string;
  /**
   * Cases that fail for now, by id, each with the reason. Such a case passes as long as it fails, and
   * fails once it passes, so that the list cannot grow old.
   */
  readonly knownFailures?: Readonly<Record<string, string>>;
  /** How long to wait for what must happen, in milliseconds. @defaultValue 10000 */
  readonly patienceMs?: number;
  /** How long one case may take, in milliseconds, where the runner bounds that. @defaultValue 120000 */
  readonly timeoutMs?: number;
}

/** One promise of a contract and how it is proven. */
export interface Case<Fixture, Need extends string> {
  /** Permanent id of the case, such as `store/append/replay-is-idempotent`. */
  readonly id: string;
  /** What the adapter does, in words. */
  readonly behaviour: string;
  /** What the adapter must declare or offer for the case to apply. */
  readonly needs?: readonly Need[];
  run(fixture: Fixture): Promise<void>;
}

/** The outcome of a case. */
export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Dependencies of a case, with an adapter of its own. */
export interface CaseFixture<Need extends string> {
  /** Why the adapter does not have what is needed; `undefined` when it does. */
  lacks(need: Need): string | undefined;
  dispose(): Promise<void>;
}

/** A list of cases and how to make what each of them works with. */
export interface Suite<Fixture extends CaseFixture<Need>, Need extends string> {
  /** Starts the title, such as `Store`. */
  readonly contract: string;
  readonly cases: readonly Case<Fixture, Need>[];
  createFixture(): Promise<Fixture>;
}

/** How long suites wait for what must happen, in milliseconds. */
export const DEFAULT_PATIENCE_MS = 10_000;

const DEFAULT_TIMEOUT_MS = 120_000;

/** Registers each case of a suite as a test of the runner. */
export function registerSuite<Fixture extends CaseFixture<Need>, Need extends string>(
  { describe, it }: TestRunner,
  suite: Suite<Fixture, Need>,
  { name, knownFailures = {}, timeoutMs = DEFAULT_TIMEOUT_MS }: SuiteOptions,
): void {
  checkKnownFailures(suite.cases, knownFailures);
  describe(`${suite.contract}: ${name}`, () => {
    for (const testCase of suite.cases) {
      const reason = knownFailures[testCase.id];
      const body = async (...[context]: unknown[]): Promise<void> => {
        const outcome = await runCase(testCase, suite.createFixture);
        const reported = reason === undefined ? outcome : expectFailure(testCase.id, reason, outcome);
        if (reported.kind === 'failed') throw reported.error;
        if (reported.kind === 'skipped') skip(context, reported.reason);
      };
      it(`${testCase.id}: ${testCase.behaviour}`, body, timeoutMs);
    }
  });
}

/** Runs one case on a fixture of its own, and always disposes of it. */
export async function runCase<Fixture extends CaseFixture<Need>, Need extends string>(
  testCase: Case<Fixture, Need>,
  createFixture: () => Promise<Fixture>,
): Promise<Outcome> {
  let fixture: Fixture | undefined;
  let outcome: Outcome = { kind: 'passed' };
  try {
    fixture = await createFixture();
    const reason = firstLack(fixture, testCase.needs ?? []);
    if (reason === undefined) await testCase.run(fixture);
    else outcome = { kind: 'skipped', reason };
  } catch (error) {
    outcome = { kind: 'failed', error };
  }
  try {
    await fixture?.dispose();
  } catch (error) {
    // What went wrong first tells more than what followed from it.
    if (outcome.kind !== 'failed') outcome = { kind: 'failed', error };
  }
  return outcome;
}

function firstLack<Need extends string>(
  fixture: CaseFixture<Need>,
  needs: readonly Need[],
): string | undefined {
  for (const need of needs) {
    const reason = fixture.lacks(need);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function expectFailure(id: string, reason: string, outcome: Outcome): Outcome {
  switch (outcome.kind) {
    case 'failed':
      return { kind: 'skipped', reason: `known failure: ${reason}` };
    case 'passed':
      return {
        kind: 'failed',
        error: new assert.AssertionError({ message: `${id} passes: take it out of knownFailures.` }),
      };
    case 'skipped':
      return {
        kind: 'failed',
        error: new assert.AssertionError({ message: `${id} does not apply: take it out of knownFailures.` }),
      };
  }
}

function checkKnownFailures(
  cases: readonly { readonly id: string }[],
  knownFailures: Readonly<Record<string, string>>,
): void {
  for (const [id, reason] of Object.entries(knownFailures)) {
    if (!cases.some((testCase) => testCase.id === id))
      throw new TypeError(`knownFailures names ${id}, but there is no such case.`);
    if (reason.trim() === '') throw new TypeError(`knownFailures gives no reason for ${id}.`);
  }
}

/** Marks the running test as skipped where the runner can: vitest and node:test. Elsewhere it passes. */
function skip(context: unknown, reason: string): void {
  (context as { skip?: (reason: string) => void } | undefined)?.skip?.(reason);
}
