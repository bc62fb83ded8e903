/** Registered, so that the copies of this package in a process, such as those for ESM and CommonJS, find the same map. */
const HOLDERS: unique symbol = Symbol.for('vigilant.holders');

/** Returns the opener that holds each adapter of this process: that of the engine in which it is open or being opened. */
export function adapterHolders(): WeakMap<object, object> {
  const shared = globalThis as { [HOLDERS]?: WeakMap<object, object> };
  return (shared[HOLDERS] ??= new WeakMap());
}
