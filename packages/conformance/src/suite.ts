import assert from 'node:assert/strict';

/** Functions of a test runner that the suites use, such as those of vitest, jest and node:test. */
export interface TestRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: (...context: unknown[]) => Promise<void>, timeoutMs?: number): void;
}

/** Options of every suite. */
export interface SuiteOptions {
  /** Name of the adapter in test titles. */
  readonly name: string;
  /**
   * Reasons of cases that are known to fail, by id. Such a case is skipped while it fails and fails once it passes, so
   * the list stays up to date.
   */
  readonly knownFailures?: Readonly<Record<string, string>>;
  /** How long to wait for an expected event, in milliseconds. @defaultValue 10000 */
  readonly patienceMs?: number;
  /** Time limit of a case in milliseconds, if the runner supports one. @defaultValue 120000 */
  readonly timeoutMs?: number;
}

/** A test of one guarantee of a contract. */
export interface Case<Fixture, Need extends string> {
  /** Permanent id of the case, such as `store/append/replay-is-idempotent`. */
  readonly id: string;
  /** Required behaviour of the adapter. Part of the test title. */
  readonly behaviour: string;
  /** Features that the adapter or the harness must have for the case to apply. */
  readonly needs?: readonly Need[];
  run(fixture: Fixture): Promise<void>;
}

/** The outcome of a case. */
export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Dependencies of a case, including its own adapter. */
export interface CaseFixture<Need extends string> {
  /** Returns why a case that needs this feature is skipped, or `undefined` if it is not. */
  skipReason(need: Need): string | undefined;
  dispose(): Promise<void>;
}

/** Cases of a contract, and a factory of their fixtures. */
export interface Suite<Fixture extends CaseFixture<Need>, Need extends string> {
  /** Prefix of the title, such as `Store`. */
  readonly contract: string;
  readonly cases: readonly Case<Fixture, Need>[];
  createFixture(): Promise<Fixture>;
}

/** Default of `SuiteOptions.patienceMs`. */
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

/** Runs a case on a new fixture and disposes of the fixture. */
export async function runCase<Fixture extends CaseFixture<Need>, Need extends string>(
  testCase: Case<Fixture, Need>,
  createFixture: () => Promise<Fixture>,
): Promise<Outcome> {
  let fixture: Fixture | undefined;
  let outcome: Outcome = { kind: 'passed' };
  try {
    fixture = await createFixture();
    const reason = firstSkipReason(fixture, testCase.needs ?? []);
    if (reason === undefined) await testCase.run(fixture);
    else outcome = { kind: 'skipped', reason };
  } catch (error) {
    outcome = { kind: 'failed', error };
  }
  try {
    await fixture?.dispose();
  } catch (error) {
    // The first error is usually the cause of the later one.
    if (outcome.kind !== 'failed') outcome = { kind: 'failed', error };
  }
  return outcome;
}

function firstSkipReason<Need extends string>(
  fixture: CaseFixture<Need>,
  needs: readonly Need[],
): string | undefined {
  for (const need of needs) {
    const reason = fixture.skipReason(need);
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
        error: new assert.AssertionError({ message: `${id} passes: remove it from knownFailures.` }),
      };
    case 'skipped':
      return {
        kind: 'failed',
        error: new assert.AssertionError({ message: `${id} does not apply: remove it from knownFailures.` }),
      };
  }
}

function checkKnownFailures(
  cases: readonly { readonly id: string }[],
  knownFailures: Readonly<Record<string, string>>,
): void {
  for (const [id, reason] of Object.entries(knownFailures)) {
    if (!cases.some((testCase) => testCase.id === id))
      throw new TypeError(`knownFailures contains "${id}", which is not a case of this suite.`);
    if (reason.trim() === '') throw new TypeError(`knownFailures has no reason for "${id}".`);
  }
}

/** Skips the running test in vitest and node:test. In other runners the test passes. */
function skip(context: unknown, reason: string): void {
  (context as { skip?: (reason: string) => void } | undefined)?.skip?.(reason);
}
