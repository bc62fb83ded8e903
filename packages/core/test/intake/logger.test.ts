import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Diagnostic } from '../../src/util/diagnostics';
import { VigilantError } from '../../src/util/errors';
import { createVigilant } from '../../src/engine/engine';
import { resolveDefaults } from '../../src/event/defaults';
import type { Event, EventInput } from '../../src/event/event';
import type { LoggerParts } from '../../src/intake/logger';
import { createLogger } from '../../src/intake/logger';
import type { Rejections } from '../../src/intake/publish-valid';
import { event, settle } from '../support';

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(() => void process.off('unhandledRejection', note));

describe('Logger after close()', () => {
  it.each(['log', 'logBatch', 'info'] as const)(
    'reports the failure of a %s() that is not awaited, without an unhandled rejection',
    async (method) => {
      const diagnostics: Diagnostic[] = [];
      const vigilant = createVigilant({ onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) });
      await vigilant.close();
      if (method === 'log') void vigilant.log({ message: 'late' });
      else if (method === 'logBatch') void vigilant.logBatch([{ message: 'late' }]);
      else vigilant.info('late');
      await settle();
      expect(unhandled).toEqual([]);
      expect(diagnostics).toMatchObject([{ code: 'event-refused', error: { code: 'VIGILANT_CLOSED' } }]);
    },
  );

  it('rejects a logBatch() that is awaited', async () => {
    const vigilant = createVigilant();
    await vigilant.close();
    await expect(vigilant.logBatch([{ message: 'late' }])).rejects.toMatchObject({ code: 'VIGILANT_CLOSED' });
  });
});

describe('a revoked Proxy', () => {
  function setUp() {
    const diagnostics: Diagnostic[] = [];
    const vigilant = createVigilant({ onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) });
    onTestFinished(() => vigilant.close().then(() => {}));
    const { proxy, revoke } = Proxy.revocable<object>({}, {});
    revoke();
    return { vigilant, diagnostics, revoked: proxy as never };
  }
  const invalid = { code: 'VIGILANT_EVENT_INVALID' };

  it('is an invalid event', async () => {
    const { vigilant, revoked } = setUp();
    await expect(vigilant.log(revoked)).rejects.toMatchObject({ ...invalid, message: 'cannot be read' });
    await expect(vigilant.log({ message: 'm', data: revoked })).rejects.toMatchObject(invalid);
    expect(await vigilant.logBatch([revoked, { message: 'm' }])).toMatchObject({
      accepted: 1,
      results: [{ error: { ...invalid, violations: [{ field: 'events[0]' }] } }, {}],
    });
  });

  it('becomes a mark in the data when it is the message of info()', async () => {
    const { vigilant, revoked } = setUp();
    vigilant.info(revoked);
    const { events } = await vigilant.query();
    expect(events).toMatchObject([{ data: { value: expect.stringContaining('[Unreadable') as string } }]);
  });

  it('makes an Error an invalid message if its text cannot be read', () => {
    const { vigilant, diagnostics, revoked } = setUp();
    vigilant.info(Object.defineProperty(new Error(), 'message', { get: () => Object.keys(revoked) }));
    expect(diagnostics).toMatchObject([{ code: 'event-refused', error: invalid }]);
  });

  it('becomes a mark in the data of info()', async () => {
    const { vigilant, diagnostics, revoked } = setUp();
    vigilant.info('plain', revoked);
    vigilant.info(new Error('failed'), revoked);
    vigilant.info(new Error('failed'), {
      get getter(): never {
        throw new Error('closed');
      },
    });
    const { events } = await vigilant.query('', { order: 'arrival' });
    expect(events.map(({ data }) => data)).toMatchObject([
      { value: expect.stringContaining('[Unreadable') as string },
      { value: expect.stringContaining('[Unreadable') as string, error: { message: 'failed' } },
      { value: { getter: '[Unreadable: closed]' }, error: { message: 'failed' } },
    ]);
    expect(diagnostics).toEqual([]);
  });
});

describe('logBatch() with an argument that is not an array', () => {
  it('is reported to the diagnostics and counted', async () => {
    const diagnostics: Diagnostic[] = [];
    const vigilant = createVigilant({ onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) });
    void vigilant.logBatch(null as never);
    await settle();
    expect(diagnostics).toMatchObject([{ code: 'event-refused', error: { code: 'VIGILANT_EVENT_INVALID' } }]);
    expect((await vigilant.status()).intake.invalid).toBe(1);
    await vigilant.close();
  });
});

describe('Logger', () => {
  type Submit = (events: readonly Event[]) => Promise<Rejections>;

  /** Creates a logger whose events the test accepts. */
  function setUp(change: Partial<LoggerParts> = {}) {
    const submitted: (readonly Event[])[] = [];
    const rejected: VigilantError[] = [];
    let ids = 0;
    const logger = createLogger(
      {
        now: () => 1_700_000_000_000,
        newId: () => `id-${(ids += 1)}`,
        redact: undefined,
        level: 'DEBUG',
        submit: async (batch) => {
          submitted.push(batch);
          return new Map();
        },
        onRejected: (error) => rejected.push(error),
        ...change,
      },
      resolveDefaults({}),
    );
    return { logger, submitted, rejected };
  }

  const invalid = { message: 'm', level: 'LOUD' } as unknown as EventInput;
  const full = () => new VigilantError('VIGILANT_BROKER_FULL', 'too much is pending');
  /** Accepts all events but those with the message `large`. */
  const withoutLarge: Submit = async (batch) =>
    new Map(batch.filter(({ message }) => message === 'large').map((each) => [each, full()]));

  describe('log()', () => {
    it('resolves to the id of the event', async () => {
      const { logger, submitted, rejected } = setUp();
      expect(await logger.log({ message: 'm' })).toEqual({ id: 'id-1' });
      expect([submitted, rejected]).toMatchObject([[[{ id: 'id-1', message: 'm' }]], []]);
    });

    it('reports an invalid event once, and rejects', async () => {
      const { logger, submitted, rejected } = setUp();
      await expect(logger.log(invalid)).rejects.toMatchObject({ code: 'VIGILANT_EVENT_INVALID' });
      expect(submitted).toEqual([]);
      expect(rejected).toMatchObject([{ code: 'VIGILANT_EVENT_INVALID' }]);
    });

    it('reports a failure to submit the event once, and rejects with it', async () => {
      const error = full();
      const { logger, rejected } = setUp({
        submit: () => {
          throw error;
        },
      });
      await expect(logger.log({ message: 'm' })).rejects.toBe(error);
      expect(rejected).toEqual([error]);
    });

    it('rejects when the broker rejects the event, which is reported elsewhere', async () => {
      const { logger, rejected } = setUp({ submit: withoutLarge });
      await expect(logger.log({ message: 'large' })).rejects.toMatchObject({ code: 'VIGILANT_BROKER_FULL' });
      expect(rejected).toEqual([]);
    });

    it('resolves when the broker rejects only other events of the same publish', async () => {
      const { logger } = setUp({ submit: async () => new Map([[event(), full()]]) });
      expect(await logger.log({ message: 'm' })).toEqual({ id: 'id-1' });
    });

    it('rejects an input that cannot be inspected, and reports it', async () => {
      const { logger, rejected } = setUp();
      const { proxy, revoke } = Proxy.revocable({ message: 'm' }, {});
      revoke();
      const expected = { code: 'VIGILANT_EVENT_INVALID', message: 'cannot be read' };
      await expect(logger.log(proxy)).rejects.toMatchObject(expected);
      expect(rejected).toMatchObject([expected]);
    });
  });

  describe('logBatch()', () => {
    it('submits the valid events together', async () => {
      const { logger, submitted } = setUp();
      const result = await logger.logBatch([{ message: 'a' }, { message: 'b' }]);
      expect(result).toEqual({ accepted: 2, results: [{ id: 'id-1' }, { id: 'id-2' }] });
      expect(submitted).toMatchObject([[{ message: 'a' }, { message: 'b' }]]);
    });

    it('reports each invalid event and accepts the others', async () => {
      const { logger, submitted, rejected } = setUp();
      const result = await logger.logBatch([invalid, { id: 'valid', message: 'm' }, invalid]);
      expect(result).toMatchObject({
        accepted: 1,
        results: [
          { error: { violations: [{ field: 'events[0].level' }] } },
          { id: 'valid' },
          { error: { violations: [{ field: 'events[2].level' }] } },
        ],
      });
      expect(submitted).toMatchObject([[{ id: 'valid' }]]);
      expect(rejected).toMatchObject(Array(2).fill({ code: 'VIGILANT_EVENT_INVALID' }));
    });

    it('submits nothing when no event is valid', async () => {
      const { logger, submitted } = setUp();
      expect(await logger.logBatch([invalid])).toMatchObject({ accepted: 0, results: [{ error: {} }] });
      expect(await logger.logBatch([])).toEqual({ accepted: 0, results: [] });
      expect(submitted).toEqual([]);
    });

    it('returns the error of an event that the broker rejects in its place', async () => {
      const { logger, rejected } = setUp({ submit: withoutLarge });
      const inputs = [{ id: 'a', message: 'm' }, invalid, { message: 'large' }, { id: 'b', message: 'm' }];
      const { accepted, results } = await logger.logBatch(inputs);
      expect(accepted).toBe(2);
      expect(results).toMatchObject([
        { id: 'a' },
        { error: { code: 'VIGILANT_EVENT_INVALID' } },
        { error: { code: 'VIGILANT_BROKER_FULL' } },
        { id: 'b' },
      ]);
      expect(rejected).toMatchObject([{ code: 'VIGILANT_EVENT_INVALID' }]);
    });

    it('reports a failure to submit the events once, and rejects with it', async () => {
      const error = full();
      const { logger, rejected } = setUp({
        submit: () => {
          throw error;
        },
      });
      await expect(logger.logBatch([{ message: 'a' }, { message: 'b' }])).rejects.toBe(error);
      expect(rejected).toEqual([error]);
    });

    it.each([{}, { length: 1 }, { map: () => [] }, 'events', undefined])(
      'rejects %o with an error that names the method',
      async (inputs) => {
        const { logger, submitted } = setUp();
        await expect(logger.logBatch(inputs as never)).rejects.toThrow('logBatch()');
        expect(submitted).toEqual([]);
      },
    );
  });

  describe('info() and the other level methods', () => {
    it.each([
      ['trace', 'DEBUG', 1],
      ['debug', 'DEBUG', 0],
      ['info', 'INFO', 0],
      ['warn', 'WARN', 0],
      ['error', 'ERROR', 0],
      ['fatal', 'ERROR', 21],
    ] as const)('%s() logs at the level %s with severity %d', async (method, level, severity) => {
      const { logger, submitted } = setUp();
      logger[method]('m', { x: 1 });
      expect(submitted).toMatchObject([[{ level, severity, message: 'm', data: { x: 1 } }]]);
    });

    const error = { name: 'RangeError', message: 'too far', stack: expect.any(String) as string };

    it.each<[string, readonly [unknown, unknown?], string, object]>([
      ['a text with placeholders', ['%s of %d', { x: 1 }], '%s of %d', { x: 1 }],
      ['an Error', [new RangeError('too far')], 'too far', { error }],
      ['an Error and data', [new RangeError('too far'), { x: 1 }], 'too far', { x: 1, error }],
      ['an Error and a message', [new RangeError('too far'), 'failed'], 'failed', { error }],
      ['an Error and a list', [new RangeError('too far'), [1]], 'too far', { value: [1], error }],
      ['a message and an Error', ['failed', new RangeError('too far')], 'failed', { error }],
      ['data and a message', [{ x: 1 }, 'm'], 'm', { x: 1 }],
      ['only data', [{ x: 1 }], '', { x: 1 }],
      ['two objects', [{ x: 1 }, { y: 2 }], '', { value: [{ x: 1 }, { y: 2 }] }],
      ['a list', ['m', [1, 2]], 'm', { value: [1, 2] }],
      ['a Date', ['m', new Date(0)], 'm', { value: '1970-01-01T00:00:00.000Z' }],
      ['a URL', ['m', new URL('http://host/path')], 'm', { value: 'http://host/path' }],
      ['a Set', ['m', new Set([1])], 'm', { value: [1] }],
      ['a Buffer', ['m', Buffer.from('abc')], 'm', { value: 'YWJj' }],
      ['a function', ['m', function handler() {}], 'm', { value: '[Function handler]' }],
      ['an anonymous function', ['m', (() => () => {})()], 'm', { value: '[Function anonymous]' }],
      ['a symbol', ['m', Symbol('s')], 'm', { value: 'Symbol(s)' }],
      ['a text as data', ['m', 'text'], 'm', { value: 'text' }],
      ['a number as data', ['m', 5], 'm', { value: 5 }],
      ['false as data', ['m', false], 'm', { value: false }],
      ['null as data', ['m', null], 'm', {}],
      ['a number as message', [5], '5', {}],
      ['undefined as message', [undefined], 'undefined', {}],
      ['a thrown null', [null, { x: 1 }], 'null', { x: 1 }],
    ])('log %s', (_, [message, data], expected, expectedData) => {
      const { logger, submitted, rejected } = setUp();
      logger.info(message, data);
      expect(rejected).toEqual([]);
      expect(submitted).toMatchObject([[{ message: expected }]]);
      expect(submitted[0]?.[0]?.data).toEqual(expectedData);
    });

    it('uses the name of an Error without a message', () => {
      const { logger, submitted } = setUp();
      logger.error(new RangeError());
      expect(submitted).toMatchObject([[{ message: 'RangeError' }]]);
    });

    it('reports a failure to submit the event once', () => {
      const error = full();
      const { logger, rejected } = setUp({
        submit: () => {
          throw error;
        },
      });
      logger.info('m');
      expect(rejected).toEqual([error]);
    });

    it('does not prepare an event again whose redaction failed', () => {
      let calls = 0;
      const { logger, submitted, rejected } = setUp({
        redact: () => {
          calls += 1;
          throw new Error('no redaction today');
        },
      });
      logger.info('m');
      expect([calls, submitted]).toEqual([1, []]);
      expect(rejected).toMatchObject([{ code: 'VIGILANT_INTERNAL' }]);
    });
  });
});
