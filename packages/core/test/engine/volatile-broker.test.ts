import { describe, expect, it } from 'vitest';
import type { Broker } from '../../src/contracts/broker';
import type { Store } from '../../src/contracts/store';
import { createVigilant } from '../../src/engine/engine';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import { createMemoryStore } from '../../src/memory/memory-store';
import type { Diagnostic } from '../../src/util/diagnostics';
import { readOnly, settle } from '../support';

type Durability = 'memory' | 'disk';

/** Declares that an adapter in memory is durable. */
function declare<A extends Store | Broker>(adapter: A, durability: Durability): A {
  return Object.assign(adapter, { capabilities: { ...adapter.capabilities, durability } });
}

/** Opens an engine twice and returns the codes of its diagnostics. */
async function reportsOf(options: {
  readonly store: Store;
  readonly broker?: Broker;
}): Promise<Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  const vigilant = createVigilant({ ...options, onDiagnostic: (report) => void diagnostics.push(report) });
  await vigilant.open();
  await vigilant.open();
  await settle();
  await vigilant.close();
  return diagnostics;
}

describe('an engine with a durable store', () => {
  const store = (): Store => declare(createMemoryStore(), 'disk');

  it('reports once, when it is open, that its broker keeps accepted events only in memory', async () => {
    const [report, ...rest] = await reportsOf({ store: store() });
    expect(report).toMatchObject({ level: 'warn', component: 'engine', code: 'volatile-broker' });
    expect(report?.message).toContain('lost if the process crashes or is killed');
    expect(rest).toEqual([]);
  });

  it('reports nothing if the broker is durable', async () => {
    expect(await reportsOf({ store: store(), broker: declare(createMemoryBroker(), 'disk') })).toEqual([]);
  });

  it('reports nothing if the store is read-only', async () => {
    expect(await reportsOf({ store: readOnly(store()) })).toEqual([]);
  });
});

describe('an engine with a store in memory', () => {
  it('reports nothing about its broker', async () => {
    expect(await reportsOf({ store: createMemoryStore() })).toEqual([]);
  });
});
