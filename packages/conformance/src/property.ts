import fc from 'fast-check';

/** Options of a property. */
export interface PropertyOptions<T> {
  readonly runs: number;
  readonly seed: number;
  /** Inputs that once failed. They are checked first. */
  readonly examples?: readonly T[];
}

/** Checks a predicate with generated inputs. Fails with the smallest input found for which the predicate rejects. */
export async function checkProperty<T>(
  { runs, seed, examples = [] }: PropertyOptions<T>,
  inputs: fc.Arbitrary<T>,
  predicate: (input: T) => Promise<void>,
): Promise<void> {
  await fc.assert(fc.asyncProperty(inputs, predicate), {
    numRuns: Math.max(1, Math.round(runs)) + examples.length,
    seed,
    examples: examples.map((example): [T] => [example]),
  });
}
