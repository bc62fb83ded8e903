import { setImmediate } from 'node:timers/promises';
import type { Diagnostic, VigilantOptions } from '@vigilant/core';
import { createVigilant } from '@vigilant/core';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';

function setUp(options: VigilantOptions = {}) {
  const diagnostics: Diagnostic[] = [];
  const vigilant = createVigilant({ ...options, onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) });
  onTestFinished(() => vigilant.close().then(() => {}));
  const data = async () => (await vigilant.query('', { order: 'arrival' })).events.map((event) => event.data);
  return { vigilant, data, diagnostics };
}

describe('withContext()', () => {
  it('adds its data only to events that the function logs, including asynchronously', async () => {
    const { vigilant, data } = setUp();
    const result = await vigilant.withContext({ requestId: 'r1' }, async () => {
      vigilant.info('first');
      await setImmediate();
      vigilant.error(new Error('second'), { step: 2 });
      return 'done';
    });
    vigilant.info('third');
    expect(result).toBe('done');
    expect(await data()).toEqual([
      { requestId: 'r1' },
      { requestId: 'r1', step: 2, error: expect.any(Object) as object },
      {},
    ]);
  });

  it('keeps concurrent functions apart', async () => {
    const { vigilant, data } = setUp();
    const handle = (id: number) =>
      vigilant.withContext({ id }, async () => {
        await setImmediate();
        vigilant.info('m', { own: id });
      });
    await Promise.all([handle(1), handle(2)]);
    expect(await data()).toEqual([
      { id: 1, own: 1 },
      { id: 2, own: 2 },
    ]);
  });

  it('gives precedence to the event, then the inner context, the outer context and the defaults', async () => {
    const { vigilant, data } = setUp();
    const child = vigilant.child({ data: { a: 0, b: 0, c: 0, d: 0 } });
    vigilant.withContext({ a: 1, b: 1, c: 1 }, () =>
      child.withContext({ a: 2, b: 2 }, () => child.info('m', { a: 3 })),
    );
    expect(await data()).toEqual([{ a: 3, b: 2, c: 1, d: 0 }]);
  });

  it('does not change what log() and logBatch() record', async () => {
    const { vigilant, data } = setUp();
    await vigilant.withContext({ requestId: 'r1' }, async () => {
      await vigilant.log({ message: 'one' });
      await vigilant.logBatch([{ message: 'two' }]);
    });
    expect(await data()).toEqual([{}, {}]);
  });

  it('rejects data that would exceed the limit of an event together with the outer context', () => {
    const { vigilant } = setUp();
    const text = 'x'.repeat(200_000);
    vigilant.withContext({ a: text }, () =>
      expect(() => vigilant.withContext({ b: text }, () => {})).toThrow(/data: has 400\d+ bytes as JSON/),
    );
  });

  it('rejects data that is not an object, and a callback that is not a function', () => {
    const { vigilant } = setUp();
    const call = vigilant.withContext as (data: unknown, fn: unknown) => unknown;
    expect(() => call('r1', () => {})).toThrow(/data.*must be an object, not string/);
    expect(() => call({}, 'fn')).toThrow(/fn must be a function/);
  });
});

describe('the active OpenTelemetry span', () => {
  const API = Symbol.for('opentelemetry.js.api.1');
  const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');
  const ids = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };

  /** Registers an API whose active context has a span. */
  function register(spanContext: () => unknown) {
    const active = () => ({ getValue: (key: symbol) => (key === SPAN ? { spanContext } : undefined) });
    Object.assign(globalThis, { [API]: { version: '1.9.0', context: { active } } });
  }

  afterEach(() => {
    Reflect.deleteProperty(globalThis, API);
  });

  it.each([
    [1, '01'],
    [0xab, 'ab'],
  ])('becomes trace_id, span_id and trace_flags of the level methods, with flags %i', async (flags, text) => {
    register(() => ({ ...ids, traceFlags: flags }));
    const { vigilant, data } = setUp();
    vigilant.info('m', { x: 1 });
    vigilant.info('m', { trace_id: 'own' });
    const trace = { trace_id: ids.traceId, span_id: ids.spanId, trace_flags: text };
    expect(await data()).toEqual([
      { x: 1, ...trace },
      { ...trace, trace_id: 'own' },
    ]);
  });

  it.each<[string, () => unknown]>([
    ['an id of zeros', () => ({ ...ids, traceId: '0'.repeat(32) })],
    ['an id of another length', () => ({ ...ids, spanId: 'b7' })],
    ['no span', () => undefined],
    [
      'an API that throws',
      () => {
        throw new Error('not ready');
      },
    ],
  ])('is ignored with %s', async (_, spanContext) => {
    register(spanContext);
    const { vigilant, data } = setUp();
    vigilant.info('m');
    expect(await data()).toEqual([{}]);
  });
});

describe('the option level', () => {
  it('drops events of level methods below it, but no event of log()', async () => {
    const { vigilant } = setUp({ level: 'warning' });
    vigilant.info('dropped');
    vigilant.child({}).debug('dropped');
    vigilant.warn('kept');
    await vigilant.log({ message: 'given', level: 'DEBUG' });
    const { events } = await vigilant.query('', { order: 'arrival' });
    expect(events.map(({ message }) => message)).toEqual(['kept', 'given']);
  });

  it('determines the result of isLevelEnabled()', () => {
    const { vigilant } = setUp({ level: 'INFO' });
    expect(
      ['trace', 'debug', 'info', 'WARN', 'fatal'].map((level) => vigilant.isLevelEnabled(level)),
    ).toEqual([false, false, true, true, true]);
    expect(() => vigilant.isLevelEnabled('loud')).toThrow(
      'level must be one of DEBUG, INFO, WARN, ERROR, not "loud".',
    );
  });

  it('is rejected if it is not a level', () => {
    expect(() => createVigilant({ level: 'loud' })).toThrow(
      'level must be one of DEBUG, INFO, WARN, ERROR, not "loud".',
    );
  });
});

describe('await using', () => {
  it('closes the engine', async () => {
    const { vigilant } = setUp();
    await vigilant[Symbol.asyncDispose]();
    await expect(vigilant.log({ message: 'late' })).rejects.toMatchObject({ code: 'VIGILANT_CLOSED' });
  });
});
