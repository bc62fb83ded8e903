import { describe, expect, it } from 'vitest';
import { VigilantError } from '../../src/util/errors';
import { resolveDefaults } from '../../src/event/defaults';
import type { Event, EventInput } from '../../src/event/event';
import type { LoggerParts } from '../../src/intake/logger';
import { createLogger } from '../../src/intake/logger';
import type { Rejections } from '../../src/intake/publish-valid';
import { event } from '../support';

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
