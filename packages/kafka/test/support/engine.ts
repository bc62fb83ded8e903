import { createMemoryStore, createVigilant } from '@vigilant/core';
import type { Diagnostic, Event, Store, Vigilant } from '@vigilant/core';
import { onTestFinished } from 'vitest';
import type { KafkaBrokerOptions } from '../../src/index';
import { createKafkaBroker } from '../../src/index';

/** An engine on Kafka, which closes when the test ends. */
export interface TestEngine {
  readonly vigilant: Vigilant;
  readonly diagnostics: readonly Diagnostic[];
  readonly store: Store;
}

/** Creates a store for several engines of this process. They cannot close it. */
export function createSharedStore(): Store {
  return Object.assign(createMemoryStore(), { close: async () => {} });
}

/** Returns another adapter of the same data, because an adapter belongs to one engine. */
function anotherAdapter(store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Creates an engine on a topic, whose group has the topic's name. */
export function createEngine(
  options: KafkaBrokerOptions & { readonly topic: string },
  { store = createMemoryStore(), intervalMs = 30_000 }: { store?: Store; intervalMs?: number } = {},
): TestEngine {
  const diagnostics: Diagnostic[] = [];
  const vigilant = createVigilant({
    broker: createKafkaBroker({ groupId: options.topic, ...options }),
    store: anotherAdapter(store),
    batch: { intervalMs },
    onDiagnostic: (diagnostic) => void diagnostics.push(diagnostic),
  });
  onTestFinished(async () => void (await vigilant.close()));
  return { vigilant, diagnostics, store };
}

/** Checks a condition every 100 ms until it holds. */
export async function eventually(
  what: string,
  withinMs: number,
  condition: () => Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Timed out after ${withinMs} ms: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const COMPLETE_WITHIN_MS = 30_000;
const QUERY = { order: 'arrival', limit: 10_000, freshMs: 20_000 } as const;

/** Returns the messages of all stored events in order of arrival, once the answer is complete. */
export async function messagesOf(vigilant: Vigilant): Promise<readonly string[]> {
  return (await completeAnswer(vigilant, '')).map(({ message }) => message);
}

/**
 * Returns the events that match a filter in order of arrival, once the answer is complete.
 *
 * A query does not wait while the broker is blocked, such as before Kafka has a coordinator for the group.
 */
export async function completeAnswer(vigilant: Vigilant, filter: string): Promise<readonly Event[]> {
  const deadline = performance.now() + COMPLETE_WITHIN_MS;
  for (;;) {
    const { events, freshness } = await vigilant.query(filter, QUERY);
    if (freshness.complete) return events;
    if (performance.now() > deadline) {
      const { state, reasons } = await vigilant.status();
      throw new Error(
        `No complete answer within ${COMPLETE_WITHIN_MS} ms: ${freshness.pending} events are pending. The status is ${state}. ${reasons.join(' ')}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
