import { describe, expect, it, vi } from 'vitest';
import type { Broker, Clock, Store } from '../../src/index';
import { createMemoryBroker, createMemoryStore, createVigilant } from '../../src/index';
import { createManualClock } from '../../src/util/clock';
import { settle } from '../support';

function createAdapters(): { readonly broker: Broker; readonly store: Store } {
  return { broker: createMemoryBroker(), store: createMemoryStore() };
}

function createEngine(parts: { readonly broker?: Broker; readonly store?: Store; readonly clock?: Clock }) {
  return createVigilant({ ...parts, graceMs: 500, onDiagnostic: () => {} });
}

describe('an adapter of two engines', () => {
  it.each(['broker', 'store'] as const)(
    'rejects the second open of a %s and names the remedy',
    async (name) => {
      const adapters = { [name]: createAdapters()[name] };
      const first = createEngine(adapters);
      const second = createEngine(adapters);
      await first.open();
      await expect(second.open()).rejects.toMatchObject({
        code: 'VIGILANT_OPTIONS_INVALID',
        retryable: false,
        message:
          `The ${name} is already open in another engine, to which it belongs until that engine is closed. ` +
          'Create separate adapters for each engine, for example with another call of sqlite().',
        violations: [{ field: name, code: 'in_use', reason: 'is already open in another engine' }],
      });
      expect(await second.close()).toMatchObject({ lost: 0 });
      await first.close();
    },
  );

  it('keeps the first engine working after the second is closed', async () => {
    const adapters = createAdapters();
    const first = createEngine(adapters);
    const second = createEngine(adapters);
    await first.log({ message: 'before' });
    await second.open().catch(() => {});
    await second.close();
    await first.log({ message: 'after' });
    expect((await first.query('', { order: 'arrival' })).events.map(({ message }) => message)).toEqual([
      'before',
      'after',
    ]);
    expect(await first.close()).toEqual({ stored: 2, left: 0, lost: 0, rejected: 0 });
  });

  it('counts no event of the first engine as lost or left when the second is closed', async () => {
    const adapters = createAdapters();
    vi.spyOn(adapters.store, 'append').mockRejectedValue(new Error('down'));
    const first = createEngine(adapters);
    const second = createEngine(adapters);
    await first.log({ message: 'pending' });
    await second.open().catch(() => {});
    expect(await second.close()).toEqual({ stored: 0, left: 0, lost: 0, rejected: 0 });
    expect(await first.close()).toMatchObject({ lost: 1 });
  });

  it('opens in the second engine once the first is closed', async () => {
    const adapters = createAdapters();
    const first = createEngine(adapters);
    const second = createEngine(adapters);
    await first.open();
    await expect(second.open()).rejects.toMatchObject({ code: 'VIGILANT_OPTIONS_INVALID' });
    await first.close();
    await second.open();
    await second.close();
  });

  it('rejects the second open by an engine of another copy of the package', async () => {
    const store = createMemoryStore();
    const first = createEngine({ store });
    await first.open();
    vi.resetModules();
    const copy = await import('../../src/index');
    expect(copy.createVigilant).not.toBe(createVigilant);
    const second = copy.createVigilant({ store, onDiagnostic: () => {} });
    await expect(second.open()).rejects.toMatchObject({ violations: [{ field: 'store', code: 'in_use' }] });
    await second.close();
    await first.close();
  });

  it('stays with the first engine until its pending open ends, although close() rejects', async () => {
    const store = createMemoryStore();
    let finishOpen = (): void => {};
    vi.spyOn(store, 'open').mockReturnValueOnce(new Promise((resolve) => (finishOpen = resolve)));
    vi.spyOn(store, 'close').mockRejectedValueOnce(new Error('cannot close'));
    const clock = createManualClock();
    const first = createEngine({ store, clock });
    const second = createEngine({ store });
    const opening = first.open().catch(() => {});
    const closing = first.close();
    await settle();
    await expect(second.open()).rejects.toMatchObject({ code: 'VIGILANT_OPTIONS_INVALID' });
    finishOpen();
    await Promise.all([opening, closing]);
    await second.open();
    await second.close();
  });

  it('can be opened by the second engine after the first failed to open it', async () => {
    const store = createMemoryStore();
    vi.spyOn(store, 'open').mockRejectedValueOnce(new Error('not yet'));
    const first = createEngine({ store });
    const second = createEngine({ store });
    await expect(first.open()).rejects.toThrow('not yet');
    await second.open();
    await first.close();
    await second.log({ message: 'kept' });
    expect((await second.query()).events).toHaveLength(1);
    await second.close();
  });
});
