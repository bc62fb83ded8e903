import fc from 'fast-check';

/** How often to draw, from where, and what failed once. */
export interface PropertyOptions<T> {
  readonly runs: number;
  readonly seed: number;
  /** Inputs that broke an adapter once; tried first. */
  readonly examples?: readonly T[];
}

/** Fails with the smallest input it can find for which the predicate rejects. */
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
