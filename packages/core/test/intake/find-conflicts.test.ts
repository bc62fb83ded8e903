import { describe, expect, it } from 'vitest';
import { createMemoryStore, createVigilant } from '../../src';
import type { EventInput, Store, VigilantOptions } from '../../src';
import { resolveDefaults } from '../../src/event/defaults';
import { findConflicts } from '../../src/intake/find-conflicts';
import { settle } from '../support';

async function engineWith(stored: readonly EventInput[], options: VigilantOptions = {}) {
  const vigilant = createVigilant(options);
  await vigilant.logBatch(stored);
  await vigilant.flush();
  return vigilant;
}

describe('findConflicts', () => {
  it('finds events whose id is stored with different content', async () => {
    const vigilant = await engineWith([
      { id: 'a', message: 'first' },
      { id: 'b', message: 'first' },
    ]);
    const inputs = [
      { id: 'a', message: 'other' },
      { id: 'b', message: 'first' },
      { id: 'c', message: 'new' },
    ];
    expect(await vigilant.findConflicts(inputs)).toEqual([0]);
    await vigilant.close();
  });

  it('ignores a resent event, which differs only in its time', async () => {
    const vigilant = await engineWith([{ id: 'a', message: 'm', data: { x: 1, y: 2 } }]);
    const resend = { id: 'a', message: 'm', data: { y: 2, x: 1 }, timestamp: 1_700_000_000 };
    expect(await vigilant.findConflicts([resend])).toEqual([]);
    await vigilant.close();
  });

  it('finds an id that the list repeats with different content', async () => {
    const vigilant = await engineWith([]);
    const inputs = [
      { id: 'a', message: 'first' },
      { id: 'a', message: 'first' },
      { id: 'a', message: 'other' },
    ];
    expect(await vigilant.findConflicts(inputs)).toEqual([2]);
    await vigilant.close();
  });

  it('compares events as the engine would store them', async () => {
    const vigilant = await engineWith([{ id: 'a', message: 'token=1', level: 'warning' }], {
      defaults: { source: 'shop' },
      redact: (event) => ({ ...event, message: event.message.replace(/=.*/, '=***') }),
    });
    const inputs = [
      { id: 'a', message: 'token=2', level: 'WARN', source: 'shop' },
      { id: 'a', message: 'token=2', source: 'elsewhere' },
    ];
    expect(await vigilant.findConflicts(inputs)).toEqual([1]);
    await vigilant.close();
  });

  it('reads the store once per given id', async () => {
    const reads: string[] = [];
    const store = createMemoryStore();
    const counting: Store = new Proxy(store, {
      get(target, name) {
        if (name === 'get')
          return (id: string) => {
            reads.push(id);
            return target.get(id);
          };
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    const vigilant = createVigilant({ store: counting });
    const inputs = [
      { id: 'a', message: 'm' },
      { id: 'a', message: 'm' },
      { message: 'without an id' },
      { id: 'b' },
    ];
    expect(await vigilant.findConflicts(inputs as EventInput[])).toEqual([]);
    expect(reads).toEqual(['a']);
    await vigilant.close();
  });

  it('does not count invalid inputs as conflicts', async () => {
    const vigilant = await engineWith([{ id: 'a', message: 'first' }]);
    const inputs = [
      5,
      null,
      { id: 'a' },
      { id: 'a', message: 'm', level: 'LOUD' },
      { id: 'a', message: 'other' },
    ];
    expect(await vigilant.findConflicts(inputs as EventInput[])).toEqual([4]);
    await vigilant.close();
  });

  it('logs nothing', async () => {
    const vigilant = await engineWith([]);
    await vigilant.findConflicts([{ id: 'a', message: 'm' }]);
    expect((await vigilant.query()).events).toEqual([]);
    await vigilant.close();
  });

  it('rejects once the engine is closed', async () => {
    const vigilant = await engineWith([]);
    await vigilant.close();
    await expect(vigilant.findConflicts([])).rejects.toMatchObject({ code: 'VIGILANT_CLOSED' });
  });

  it('normalises what redact returns', async () => {
    const vigilant = await engineWith([{ id: 'a', message: 'm' }], {
      redact: (event) => ({ ...event, level: 'warn' as never }),
    });
    expect(await vigilant.findConflicts([{ id: 'a', message: 'm' }])).toEqual([]);
    await vigilant.close();
  });
});

describe('findConflicts with an injected store', () => {
  it('reads at most 16 ids at a time, and each of them', async () => {
    const waiting: (() => void)[] = [];
    const read: string[] = [];
    const inputs = Array.from({ length: 20 }, (_, n) => ({ id: `e${n}`, message: 'm' }));
    const conflicts = findConflicts(
      {
        defaults: resolveDefaults({}),
        now: () => 0,
        redact: undefined,
        get: async (id) => {
          read.push(id);
          await new Promise<void>((resolve) => waiting.push(resolve));
          return undefined;
        },
      },
      inputs,
    );
    await settle();
    expect(read).toHaveLength(16);
    for (const answer of waiting.splice(0)) answer();
    await settle();
    for (const answer of waiting.splice(0)) answer();
    expect(await conflicts).toEqual([]);
    expect(read).toEqual(inputs.map(({ id }) => id));
  });
});
