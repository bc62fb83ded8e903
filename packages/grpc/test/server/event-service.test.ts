import { status as Status } from '@grpc/grpc-js';
import { createMemoryStore } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import type {
  GetEventResponse,
  LogEventResponse,
  LogEventsResponse,
  QueryEventsResponse,
  TailEventsResponse,
} from '../../src/generated/vigilant-v1';
import { encodedLogEventsRequestCodec } from '../../src/wire/encoded-events';
import { codecOf, methodsOf } from '../../src/wire/schema';
import { path } from '../support/event-service';
import { override } from '../support/override';
import { createRawClient, failureOf } from '../support/raw-client';
import { serve } from '../support/serve';

describe('LogEvent', () => {
  it('stores an event with every field', async () => {
    const { server } = await serve();
    const client = createRawClient(server.address);
    const event = {
      id: 'order-1',
      message: 'card declined',
      level: 3,
      severity: -7,
      timestamp: { seconds: 1_700_000_000, nanos: 123_456_000 },
      origin: 'web-1',
      source: 'checkout',
      type: 'event',
      group: 'shop',
      tags: ['a', 'b'],
      data: { fields: { userId: { numberValue: 42 }, deep: { listValue: { values: [{ nullValue: 0 }] } } } },
    };
    expect(await client.call<LogEventResponse>(path('LogEvent'), { event })).toMatchObject({ id: 'order-1' });
    const { event: found } = await client.call<GetEventResponse>(path('GetEvent'), { id: 'order-1' });
    const { timestamp, ...rest } = event;
    expect(found).toMatchObject(rest);
    expect(Number(found?.timestamp?.seconds)).toBe(timestamp.seconds);
    expect(found?.timestamp?.nanos).toBe(timestamp.nanos);
    expect(Number(found?.sequence)).toBe(1);
  });
});

describe('LogEvents', () => {
  it('accepts the valid events and names the invalid fields of the others', async () => {
    const { server } = await serve();
    const client = createRawClient(server.address);
    const events = [
      { message: 'good', id: 'a' },
      { message: 'bad', level: 17 },
      { id: 'no message' },
      { message: 'time', timestamp: { seconds: '9223372036854775807' } },
      { message: 'data', dataJson: Buffer.from('{"a":') },
      { message: 'also good', id: 'b' },
    ];
    const { results = [], accepted } = await client.call<LogEventsResponse>(path('LogEvents'), { events });
    expect(accepted).toBe(2);
    expect(results.map(({ id, error }) => id ?? error?.violations?.map(({ field }) => field))).toEqual([
      'a',
      ['events[1].level'],
      ['events[2].id', 'events[2].message'],
      ['events[3].timestamp'],
      ['events[4].data_json'],
      'b',
    ]);
    const { events: found = [] } = await client.call<QueryEventsResponse>(path('QueryEvents'), {});
    expect(found.map(({ message }) => message).sort()).toEqual(['also good', 'good']);
  });
});

describe('LogEvent', () => {
  it('suggests seconds for a timestamp in milliseconds', async () => {
    const { server } = await serve();
    const event = { message: 'm', timestamp: { seconds: 1_700_000_000_000 } };
    const failure = await failureOf(createRawClient(server.address).call(path('LogEvent'), { event }));
    expect(failure).toMatchObject({
      code: Status.INVALID_ARGUMENT,
      error: {
        violations: [
          {
            field: 'timestamp',
            code: 'out_of_range',
            reason:
              'is not within 2^43 milliseconds of 1970; pass seconds, not milliseconds, microseconds or nanoseconds',
          },
        ],
      },
    });
  });

  it.each([
    ['earliest', -(2 ** 43), { seconds: -8_796_093_023, nanos: 792_000_000 }],
    ['latest', 2 ** 43, { seconds: 8_796_093_022, nanos: 208_000_999 }],
  ])('accepts the %s time', async (_, time, timestamp) => {
    const { server, vigilant } = await serve();
    await createRawClient(server.address).call(path('LogEvent'), {
      event: { id: 'a', message: 'm', timestamp },
    });
    expect(await vigilant.get('a')).toMatchObject({ timestamp: time });
  });

  it.each([
    ['early', { seconds: -8_796_093_023, nanos: 791_999_999 }],
    ['late', { seconds: 8_796_093_022, nanos: 208_001_000 }],
  ])('rejects a time that is a microsecond too %s', async (_, timestamp) => {
    const { server } = await serve();
    const event = { message: 'm', timestamp };
    const failure = await failureOf(createRawClient(server.address).call(path('LogEvent'), { event }));
    expect(failure.error.violations).toMatchObject([
      { field: 'timestamp', code: 'out_of_range', limit: '±2^43 ms' },
    ]);
  });

  it('replaces a lone surrogate in JSON, and rejects one in a string, which is not UTF-8', async () => {
    const { server, vigilant } = await serve();
    const client = createRawClient(server.address);
    const log = (event: object) => client.call(path('LogEvent'), { event });
    await log({ id: 'a', message: 'm', dataJson: Buffer.from('{"text":"a\\ud800b"}') });
    expect(await vigilant.get('a')).toMatchObject({ data: { text: 'a\ufffdb' } });
    expect(await failureOf(log({ message: 'a\ud800b' }))).toMatchObject({ code: Status.INVALID_ARGUMENT });
  });
});

describe('EventService', () => {
  it('rejects a request whose filter is cut off, and names the field', async () => {
    const { server, vigilant } = await serve();
    await vigilant.log({ message: 'm', level: 'error' });
    const { request } = methodsOf('vigilant.v1.EventService').find(({ name }) => name === 'QueryEvents')!;
    const bytes = request.encode({ filter: 'level>=WARN source:auth' }).slice(0, -' source:auth'.length);
    const failure = await failureOf(createRawClient(server.address).callBytes(path('QueryEvents'), bytes));
    expect(failure.code).toBe(Status.INVALID_ARGUMENT);
    expect(failure.message).toBe(
      'The request is not a valid message: filter: has a length of 23 bytes, but its message ends after 11.',
    );
    expect(failure.error).toMatchObject({
      code: 'VIGILANT_QUERY_INVALID',
      violations: [{ field: 'filter', code: 'malformed' }],
    });
  });

  it('rejects only the damaged events of a batch', async () => {
    const { server, vigilant } = await serve();
    const codec = codecOf<object>('vigilant.v1.Event');
    const whole = codec.encode({ id: 'a', message: 'whole' });
    const events = [
      whole,
      whole.slice(0, -1),
      Buffer.from([0x12, 0x01, 0xff]),
      codec.encode({ id: 'b', message: 'm' }),
    ];
    const bytes = encodedLogEventsRequestCodec().encode({ events });
    const answer = await createRawClient(server.address).callBytes(path('LogEvents'), bytes);
    const { accepted, results = [] } = codecOf<LogEventsResponse>('vigilant.v1.LogEventsResponse').decode(
      answer,
    );
    expect(accepted).toBe(2);
    expect(results.map(({ id, error }) => id ?? error?.violations)).toEqual([
      'a',
      [
        {
          field: 'events[1].message',
          code: 'malformed',
          reason: 'has a length of 5 bytes, but its message ends after 4',
        },
      ],
      [{ field: 'events[2].message', code: 'malformed', reason: 'is not valid UTF-8' }],
      'b',
    ]);
    await vigilant.flush();
    expect((await vigilant.query()).events.map(({ id }) => id).sort()).toEqual(['a', 'b']);
  });
});

describe('a failed call', () => {
  it('describes the error in each of its details', async () => {
    const { server } = await serve();
    const client = createRawClient(server.address);
    const event = { message: 'm', tags: ['ok', 't'.repeat(256)] };
    const failure = await failureOf(client.call(path('LogEvent'), { event }));
    expect(failure.code).toBe(Status.INVALID_ARGUMENT);
    expect(failure.details).toMatchObject({
      'google.rpc.ErrorInfo': { reason: 'VIGILANT_EVENT_INVALID' },
      'google.rpc.BadRequest': { fieldViolations: [{ field: 'tags[1]', reason: 'TOO_LONG' }] },
    });
    expect(failure.error.violations).toMatchObject([{ field: 'tags[1]', code: 'too_long', limit: '255' }]);
  });

  it.each([
    ['QueryEvents', { filter: 'level:' }, 'VIGILANT_FILTER_INVALID'],
    ['QueryEvents', { pageToken: 'nonsense' }, 'VIGILANT_CURSOR_INVALID'],
    ['QueryEvents', { order: 9 }, 'VIGILANT_QUERY_INVALID'],
    ['GetEvent', {}, 'VIGILANT_QUERY_INVALID'],
    ['GetEvent', { id: 'i'.repeat(129) }, 'VIGILANT_QUERY_INVALID'],
    ['QueryEvents', { pageSize: -1 }, 'VIGILANT_QUERY_INVALID'],
    ['QueryEvents', { since: 'yesterday-ish' }, 'VIGILANT_QUERY_INVALID'],
  ])('%s rejects %j', async (method, request, code) => {
    const { server } = await serve();
    const failure = await failureOf(createRawClient(server.address).call(path(method), request));
    expect(failure.code).toBe(Status.INVALID_ARGUMENT);
    expect(failure.error.code).toBe(code);
  });

  it('is reported once for many failures of one kind', async () => {
    const reported: string[] = [];
    const get = (): Promise<never> => Promise.reject(new Error('It broke.'));
    const { server } = await serve({
      engine: { store: override(createMemoryStore(), { get }) },
      server: { onDiagnostic: ({ code }) => void reported.push(code) },
    });
    const client = createRawClient(server.address);
    for (let call = 0; call < 10; call += 1)
      await expect(client.call(path('GetEvent'), { id: 'a' })).rejects.toMatchObject({
        code: Status.INTERNAL,
      });
    expect(reported).toEqual(['call-failed']);
  });

  it('reports NOT_FOUND for an unknown event', async () => {
    const { server } = await serve();
    const failure = await failureOf(
      createRawClient(server.address).call(path('GetEvent'), { id: 'unknown' }),
    );
    expect(failure.code).toBe(Status.NOT_FOUND);
  });
});

describe('TailEvents', () => {
  it('begins with a cursor, sends new events, and ends with UNAVAILABLE when the server stops', async () => {
    const { server, vigilant } = await serve();
    const stream = createRawClient(server.address).stream<TailEventsResponse>(path('TailEvents'), {
      filter: 'level>=WARN',
    });
    const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<TailEventsResponse>;
    const first = await iterator.next();
    expect(first.value).toMatchObject({ checkpoint: {}, cursor: expect.stringMatching(/./) });
    await vigilant.logBatch([{ message: 'quiet' }, { message: 'loud', level: 'error' }]);
    let next = await iterator.next();
    while (next.value?.event === undefined) next = await iterator.next();
    expect(next.value.event.message).toBe('loud');
    const ended = iterator.next();
    ended.catch(() => {});
    await server.close({ graceMs: 500 });
    await expect(ended).rejects.toMatchObject({ code: Status.UNAVAILABLE });
  });
});
