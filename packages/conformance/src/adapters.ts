import type { AdapterContext } from '@vigilant/core';
import type { TestContext } from './context';
import { createTestContext } from './context';
import { within } from './waiting';

/** A store or a broker. */
interface Adapter {
  open(context: AdapterContext): Promise<void>;
  close(): Promise<void>;
}

/** The members that the harnesses of stores and brokers share. */
interface Harness<A extends Adapter> {
  another?(): A | Promise<A>;
  dispose(): void | Promise<void>;
}

/** Settings of `openAdapters`. */
export interface AdapterSettings<A extends Adapter, H extends Harness<A>> {
  /** Name of the contract in errors, such as `store`. */
  readonly name: string;
  /** Creates a harness with new data. */
  readonly create: () => Promise<H>;
  readonly adapterOf: (harness: H) => A;
  readonly patienceMs: number;
}

/** The adapters of one case, which are closed and disposed of after it. */
export interface Adapters<A extends Adapter, H extends Harness<A>> {
  readonly harness: H;
  readonly context: TestContext;
  /** Closes the adapter of the harness and opens another on the same data. */
  reopen(): Promise<A>;
  /** Opens another adapter on the data of the harness. */
  another(context?: TestContext): Promise<A>;
  /** Creates a harness with new data, without opening its adapter. */
  unopened(): Promise<H>;
  open(adapter: A, context?: TestContext): Promise<A>;
  dispose(): Promise<void>;
}

/** Creates a harness and opens its adapter. */
export async function openAdapters<A extends Adapter, H extends Harness<A>>(
  settings: AdapterSettings<A, H>,
): Promise<Adapters<A, H>> {
  const harness = await settings.create();
  const adapters = new OpenAdapters(settings, harness);
  try {
    await adapters.open(settings.adapterOf(harness));
  } catch (error) {
    await harness.dispose();
    throw error;
  }
  return adapters;
}

class OpenAdapters<A extends Adapter, H extends Harness<A>> implements Adapters<A, H> {
  readonly harness: H;
  readonly context = createTestContext();
  readonly #settings: AdapterSettings<A, H>;
  readonly #harnesses: H[];
  readonly #opened: A[] = [];

  constructor(settings: AdapterSettings<A, H>, harness: H) {
    this.#settings = settings;
    this.harness = harness;
    this.#harnesses = [harness];
  }

  async reopen(): Promise<A> {
    const { adapterOf, patienceMs } = this.#settings;
    await within(patienceMs, 'close', adapterOf(this.harness).close());
    return this.another();
  }

  async another(context = this.context): Promise<A> {
    if (this.harness.another === undefined)
      throw new TypeError(
        `The ${this.#settings.name} declares durable data, so the harness needs another().`,
      );
    return this.open(await this.harness.another(), context);
  }

  async unopened(): Promise<H> {
    const harness = await this.#settings.create();
    this.#harnesses.push(harness);
    return harness;
  }

  async open(adapter: A, context = this.context): Promise<A> {
    this.#opened.push(adapter);
    await within(this.#settings.patienceMs, 'open', adapter.open(context));
    return adapter;
  }

  async dispose(): Promise<void> {
    try {
      for (const adapter of this.#opened) await within(this.#settings.patienceMs, 'close', adapter.close());
    } finally {
      for (const harness of this.#harnesses) await harness.dispose();
    }
  }
}
