import { onTestFinished } from 'vitest';
import { createVigilant } from '../../src/engine/engine';
import type { VigilantOptions } from '../../src/engine/options';
import type { TailItem, Vigilant } from '../../src/contracts/vigilant';

/** Creates an engine that is closed at the end of the test. */
export function engine(options: VigilantOptions = {}): Vigilant {
  const created = createVigilant({ graceMs: 1_000, ...options });
  onTestFinished(async () => void (await created.close()));
  return created;
}

/** Takes some items of a tail, fewer if it ends. */
export async function take(items: AsyncIterable<TailItem>, count: number): Promise<TailItem[]> {
  const taken: TailItem[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

export const messages = (items: readonly TailItem[]): string[] =>
  items.map((item) => (item.type === 'event' ? item.event.message : item.type));

/** Returns how a call was settled, `undefined` while it is pending. */
export function watch(call: Promise<unknown>): { outcome: () => unknown } {
  let outcome: unknown;
  call.then(
    (value) => (outcome = value),
    (error: unknown) => (outcome = error),
  );
  return { outcome: () => outcome };
}
