/** Returns how a call was settled, `undefined` while it is pending. */
export function watch(call: Promise<unknown>): { outcome: () => unknown } {
  let outcome: unknown;
  call.then(
    (value) => (outcome = value),
    (error: unknown) => (outcome = error),
  );
  return { outcome: () => outcome };
}
