/** Bounds of a back-off, in milliseconds. */
export interface BackOff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** The pause after the n-th failure in a row (from 1): doubled each time, then a random half to whole of it. */
export function backOffMs({ firstMs, maxMs }: BackOff, failures: number, random: () => number): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return full * (0.5 + random() / 2);
}
