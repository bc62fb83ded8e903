import { afterEach, describe, expect, it } from 'vitest';
import type { AdapterContext } from '../../src/contracts/context';
import type { Store } from '../../src/contracts/store';
import type { TailItem, Vigilant } from '../../src/contracts/vigilant';
import { createVigilant } from '../../src/engine/engine';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import { createMemoryStore } from '../../src/memory/memory-store';
import type { ManualClock } from '../../src/util/clock';
import { createManualClock } from '../../src/util/clock';
import type { Diagnostic } from '../../src/util/diagnostics';
import { event, events, readOnly, settle } from '../support';

const READ_ONLY = { code: 'VIGILANT_READ_ONLY', retryable: false };

const engines: Vigilant[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});

interface SetUp {
  readonly vigilant: Vigilant;
  /** The store of the program that writes. */
  readonly writer: Store;
  readonly clock: ManualClock;
  readonly diagnostics: Diagnostic[];
}

async function setUp(): Promise<SetUp> {
  const writer = createMemoryStore();
  await writer.open({} as AdapterContext);
  const clock = createManualClock();
  const diagnostics: Diagnostic[] = [];
  const vigilant = createVigilant({
    store: readOnly(writer),
    clock,
    onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
  });
  engines.push(vigilant);
  return { vigilant, writer, clock, diagnostics };
}

describe('createVigilant() with a read-only store', () => {
  it('answers queries, counts and facets without waiting', async () => {
    const { vigilant, writer } = await setUp();
    await writer.append([event({ id: 'a', level: 'WARN' }), event({ id: 'b' })]);
    expect(await vigilant.query('level:WARN')).toMatchObject({
      events: [{ id: 'a' }],
      freshness: { complete: true },
    });
    expect(await vigilant.get('b')).toMatchObject({ id: 'b' });
    expect(await vigilant.histogram()).toMatchObject({ buckets: [{ counts: { WARN: 1, INFO: 1 } }] });
    expect(await vigilant.facets('', { fields: ['level'] })).toMatchObject({ facets: [{ field: 'level' }] });
    expect(await vigilant.findConflicts([{ id: 'a', message: 'other' }])).toEqual([0]);
    expect(await vigilant.flush()).toMatchObject({ complete: true });
  });

  it.each<[string, (vigilant: Vigilant) => Promise<unknown>]>([
    ['log()', (vigilant) => vigilant.log({ message: 'm' })],
    ['log() of an invalid event', (vigilant) => vigilant.log({} as never)],
    ['logBatch()', (vigilant) => vigilant.logBatch([{ message: 'm' }])],
    ['logBatch() of an empty batch', (vigilant) => vigilant.logBatch([])],
    ['log() of a child', (vigilant) => vigilant.child({ source: 's' }).log({ message: 'm' })],
    ['views.create()', ({ views }) => views.create({ name: 'n' })],
    ['views.update()', ({ views }) => views.update('id', { name: 'n' }, { revision: '1' })],
    ['views.delete()', ({ views }) => views.delete('id', { revision: '1' })],
    ['deadLetters.replay()', ({ deadLetters }) => deadLetters.replay('key')],
    ['deadLetters.delete()', ({ deadLetters }) => deadLetters.delete('key')],
  ])('rejects %s with the remedy', async (_call, call) => {
    const { vigilant } = await setUp();
    const rejection = expect.objectContaining({
      ...READ_ONLY,
      message: expect.stringContaining('open the store for writing') as string,
    });
    await expect(call(vigilant)).rejects.toEqual(rejection);
  });

  it('rejects events before the store is open', async () => {
    const store = readOnly(createMemoryStore());
    const never = new Promise<never>(() => {});
    const vigilant = createVigilant({ store: { ...store, open: () => never } });
    await expect(vigilant.log({ message: 'm' })).rejects.toMatchObject(READ_ONLY);
    await expect(vigilant.views.create({ name: 'n' })).rejects.toMatchObject(READ_ONLY);
  });

  it.each(['debug', 'info', 'warn', 'error'] as const)(
    'reports an event of %s() to the diagnostics',
    async (name) => {
      const { vigilant, diagnostics } = await setUp();
      const method = vigilant[name];
      method('hello');
      expect(diagnostics).toMatchObject([{ component: 'intake', error: READ_ONLY }]);
    },
  );

  it('raises no unhandled rejection for a call that is not awaited', async () => {
    const { vigilant } = await setUp();
    const rejections: unknown[] = [];
    const onRejection = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', onRejection);
    void vigilant.log({ message: 'm' });
    void vigilant.logBatch([]);
    await settle();
    process.off('unhandledRejection', onRejection);
    expect(rejections).toEqual([]);
  });

  it('rejects invalid defaults of a child', async () => {
    const { vigilant } = await setUp();
    expect(() => vigilant.child({ sorce: 's' } as never)).toThrow(
      expect.objectContaining({ code: 'VIGILANT_OPTIONS_INVALID' }),
    );
  });

  it('logs no level, and rejects an invalid level or context', async () => {
    const { vigilant } = await setUp();
    expect(vigilant.isLevelEnabled('ERROR')).toBe(false);
    expect(() => vigilant.isLevelEnabled('loud')).toThrow(
      expect.objectContaining({ code: 'VIGILANT_QUERY_INVALID' }),
    );
    expect(vigilant.withContext({ requestId: 1 }, () => 'result')).toBe('result');
    expect(() => vigilant.withContext('text' as never, () => {})).toThrow(
      expect.objectContaining({ code: 'VIGILANT_OPTIONS_INVALID' }),
    );
  });

  it('lists views and dead letters that the writer has saved', async () => {
    const { vigilant, writer } = await setUp();
    const value = { name: 'Errors', filter: 'level:ERROR', updatedAt: 1 };
    await writer.documents?.put('view', 'one', { value }, { revision: null });
    expect(await vigilant.views.list()).toMatchObject([{ id: 'one', name: 'Errors' }]);
    expect(await vigilant.deadLetters.list()).toEqual({ letters: [] });
  });

  it('delivers events to tails a second after the writer has stored them', async () => {
    const { vigilant, writer, clock } = await setUp();
    await writer.append(events(3));
    const tail = vigilant.tail();
    const items: TailItem[] = [];
    const ended = (async () => {
      for await (const item of tail) items.push(item);
    })();
    await clock.advance(1);
    await writer.append([event({ id: 'later' })]);
    await clock.advance(1_000);
    expect(items).toMatchObject([{ type: 'event', event: { id: 'later' } }]);
    await vigilant.close();
    await ended;
  });

  it('reports that it is read-only, is ready, and runs no scheduler', async () => {
    const { vigilant, clock } = await setUp();
    await vigilant.open();
    expect(await vigilant.status()).toMatchObject({
      state: 'ready',
      reasons: [],
      capabilities: { store: { readOnly: true } },
      scheduler: { state: 'idle' },
    });
    expect(clock.pendingTimers).toBe(0);
  });

  it('closes at once', async () => {
    const { vigilant, clock } = await setUp();
    await vigilant.open();
    // The manual clock does not move, so a wait would never end.
    expect(await vigilant.close()).toEqual({ stored: 0, left: 0, lost: 0, rejected: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('rejects a broker, whose events could never be stored', () => {
    const create = (): Vigilant =>
      createVigilant({ store: readOnly(createMemoryStore()), broker: createMemoryBroker() });
    expect(create).toThrow(
      expect.objectContaining({
        code: 'VIGILANT_OPTIONS_INVALID',
        message: expect.stringContaining('Remove the broker') as string,
        violations: [expect.objectContaining({ field: 'broker', code: 'not_allowed' })],
      }),
    );
  });
});
