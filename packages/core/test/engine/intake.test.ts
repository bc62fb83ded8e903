import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/util/diagnostics';
import { createVigilant } from '../../src/engine/engine';
import { VigilantError } from '../../src/util/errors';
import { encodeEvent } from '../../src/event/codec';
import { createMemoryBroker } from '../../src/memory/memory-broker';
import type { TailItem, Vigilant } from '../../src/contracts/vigilant';
import { settle } from '../support';
import { engine, take } from './support';

describe('createVigilant', () => {
  it('accepts the valid events of a batch and returns an error for each of the others', async () => {
    const vigilant = engine();
    const result = await vigilant.logBatch([
      { message: 'one' },
      { message: 'two', level: 'LOUD' },
      { message: 'three' },
    ]);
    expect(result.accepted).toBe(2);
    expect(result.results[1]).toMatchObject({
      error: { code: 'VIGILANT_EVENT_INVALID', violations: [{ field: 'events[1].level' }] },
    });
    expect((await vigilant.query()).events).toHaveLength(2);
  });

  it('accepts the events that the broker does not reject, although the events of a turn are published together', async () => {
    const broker = createMemoryBroker();
    const publish = broker.publish.bind(broker);
    broker.publish = async (events) => {
      const large = events.find(({ message }) => message.startsWith('large'));
      if (large !== undefined)
        throw new VigilantError('VIGILANT_EVENT_INVALID', `Event ${large.id} is too large.`);
      await publish(events);
    };
    const vigilant = engine({ broker });
    const alone = vigilant.log({ message: 'large' });
    const [before, batch, after] = await Promise.all([
      vigilant.log({ message: 'before' }),
      vigilant.logBatch([{ message: 'first' }, { id: 'x', message: 'large too' }, { message: 'third' }]),
      vigilant.log({ message: 'after' }),
    ]);
    await expect(alone).rejects.toMatchObject({ code: 'VIGILANT_EVENT_INVALID' });
    expect([before, after]).toMatchObject([{ id: expect.any(String) }, { id: expect.any(String) }]);
    expect(batch.accepted).toBe(2);
    expect(batch.results[1]).toMatchObject({ error: { message: 'Event x is too large.' } });
    const { events } = await vigilant.query('', { order: 'arrival' });
    expect(events.map(({ message }) => message)).toEqual(['before', 'first', 'third', 'after']);
  });

  it('merges the defaults of a child over its own', async () => {
    const vigilant = engine({ defaults: { origin: 'host', source: 'shop' } });
    vigilant.child({ source: 'cart' }).child({ group: 'g' }).warn('full');
    const { events } = await vigilant.query();
    expect(events).toMatchObject([{ origin: 'host', source: 'cart', group: 'g', level: 'WARN' }]);
  });

  it('logs an Error with message and stack', async () => {
    const vigilant = engine();
    vigilant.error(new Error('broken', { cause: new Error('why') }));
    vigilant.error('failed', new Error('inner'));
    const { events } = await vigilant.query('', { order: 'arrival' });
    expect(events[0]).toMatchObject({
      message: 'broken',
      data: { error: { message: 'broken', cause: { message: 'why' } } },
    });
    expect(events[1]).toMatchObject({ message: 'failed', data: { error: { message: 'inner' } } });
  });

  it.each([10, 60_000])('stores and returns the result of redact for %i bytes of data', async (size) => {
    const vigilant = engine({
      redact(event) {
        (event.data as { secret: string }).secret = '***';
        return event;
      },
    });
    const tail = take(vigilant.tail(), 1);
    await vigilant.log({ message: 'm', data: { secret: 'hunter2', padding: 'x'.repeat(size) } });
    const { events } = await vigilant.query();
    expect(events).toMatchObject([{ data: { secret: '***' } }]);
    const [item] = await tail;
    expect(item).toMatchObject({ event: { data: { secret: '***' } } });
    const bytes = encodeEvent((item as Extract<TailItem, { type: 'event' }>).event);
    expect(Buffer.from(bytes).toString()).not.toContain('hunter2');
  });

  it('writes no values of a rejected event to the diagnostics', async () => {
    const diagnostics: Diagnostic[] = [];
    const vigilant = engine({ onDiagnostic: (diagnostic) => void diagnostics.push(diagnostic) });
    await expect(vigilant.log({ message: 'm', level: '\x1b[2J token=hunter2' })).rejects.toThrow(
      'not a level',
    );
    expect(diagnostics).toMatchObject([{ code: 'event-refused' }]);
    expect(inspect(diagnostics, { depth: 10 })).not.toMatch(/hunter2|\x1b|x1B/);
  });

  const logged = async (write: (vigilant: Vigilant) => void) => {
    const vigilant = engine();
    write(vigilant);
    return (await vigilant.query()).events;
  };

  it('logs an Error of another realm with message and stack', async () => {
    const error = runInNewContext(`new TypeError('elsewhere')`) as Error;
    const expected = { name: 'TypeError', message: 'elsewhere', stack: expect.any(String) as string };
    expect(await logged((vigilant) => vigilant.error(error))).toMatchObject([
      { message: 'elsewhere', level: 'ERROR', data: { error: expected } },
    ]);
    expect(await logged((vigilant) => vigilant.warn('failed', error))).toMatchObject([
      { message: 'failed', data: { error: expected } },
    ]);
    expect(await logged((vigilant) => vigilant.info('failed', { cause: error }))).toMatchObject([
      { data: { cause: expected } },
    ]);
  });

  it.each<[string, unknown, unknown]>([
    ['an array', [1, 2], { value: [1, 2] }],
    ['a text', 'more', { value: 'more' }],
    ['a Set', new Set([1]), { value: [1] }],
    ['a date', new Date(0), { value: '1970-01-01T00:00:00.000Z' }],
    ['bytes', Buffer.from('hi'), { value: 'aGk=' }],
    ['null', null, {}],
  ])('keeps the message and the value of data that is %s', async (_, data, expected) => {
    const events = await logged((vigilant) => vigilant.info('order shipped', data as object));
    expect(events).toMatchObject([{ message: 'order shipped', data: expected }]);
  });

  it('cuts values that are too large for an event and marks the cuts', async () => {
    const error = Object.assign(new Error('支'.repeat(70_000)), { body: 'x'.repeat(300_000) });
    const [event] = await logged((vigilant) => vigilant.error(error));
    expect(event?.message).toMatch(/^支{21000,}… \[70000 characters\]$/);
    expect(event?.data).toMatchObject({
      error: { name: 'Error', body: expect.stringMatching(/^x{8192}… \[300000 characters\]$/) as string },
    });
  });

  it('still rejects oversized events of log()', async () => {
    const vigilant = engine();
    await expect(vigilant.log({ message: 'x'.repeat(70_000) })).rejects.toThrow('the limit is 65536');
    await expect(vigilant.log({ message: 'm', data: [1] })).rejects.toThrow('not an array');
  });

  it('reports the failure of a log() that is not awaited, without an unhandled rejection', async () => {
    const diagnostics: Diagnostic[] = [];
    const vigilant = engine({
      broker: createMemoryBroker({ maxBytes: 1 }),
      onDiagnostic: (diagnostic) => diagnostics.push(diagnostic),
    });
    void vigilant.log({ message: 'lost' });
    vigilant.info('lost too');
    void vigilant.log({ message: 7 as unknown as string });
    await settle();
    expect(diagnostics.map(({ code }) => code)).toEqual(['event-refused', 'publish-failed']);
  });

  it('rejects log() with the code of a full broker', async () => {
    const vigilant = engine({ broker: createMemoryBroker({ maxBytes: 1 }) });
    await expect(vigilant.log({ message: 'x' })).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_FULL',
      retryable: true,
    });
  });

  it('rejects events while maxPendingBytes are pending', async () => {
    const vigilant = engine({ maxPendingBytes: 1024 * 1024 });
    const message = 'x'.repeat(60_000);
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => vigilant.log({ message })));
    const rejected = outcomes.filter(({ status }) => status === 'rejected');
    expect(rejected.length).toBeGreaterThan(0);
    expect((await vigilant.query('', { limit: 100 })).events).toHaveLength(40 - rejected.length);
  });
});

describe('logBatch()', () => {
  it('rejects a batch larger than maxPendingBytes as not retryable', async () => {
    const vigilant = createVigilant({ maxPendingBytes: 1024 * 1024 });
    const batch = Array.from({ length: 40 }, () => ({ message: 'x'.repeat(60_000) }));
    await expect(vigilant.logBatch(batch)).rejects.toMatchObject({
      code: 'VIGILANT_BROKER_FULL',
      retryable: false,
      message: expect.stringContaining('Split the batch') as string,
    });
    await vigilant.close();
  });
});
