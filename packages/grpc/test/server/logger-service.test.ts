import { status as Status } from '@grpc/grpc-js';
import type { Event, EventInput } from '@vigilant/core';
import { createMemoryStore } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import type { Log, LogResponse } from '../../src/generated/logger';
import { codecOf } from '../../src/wire/schema';
import recorded from '../fixtures/legacy-wire.json';
import { override } from '../support/override';
import { collect, createRawClient, failureOf } from '../support/raw-client';
import { serve } from '../support/serve';

const SEND = '/logger.LogService/SendLog';
const FIND = '/logger.LogService/GetLogs';
const GET = '/logger.LogService/GetLog';

/** Events of the recorded logs. Without a timestamp, it is the time of arrival. */
const EVENTS: Readonly<Record<string, Partial<Event>>> = {
  send_readme_example: {
    id: '1',
    message: 'This is a log message',
    level: 'INFO',
    timestamp: 1_612_345_678_000,
    origin: 'localhost',
    source: 'source',
    type: 'log',
    group: 'default',
    tags: ['tag1', 'tag2'],
    data: { key1: 'value1', key2: 'value2' },
  },
  send_empty: { message: '', level: 'INFO', severity: 0, data: {}, tags: [] },
  send_minimal: { id: '2', message: 'hello', level: 'DEBUG', timestamp: 1_700_000_000_000 },
  send_unicode: {
    id: '3',
    message: 'naïve ☃ 日本語 😀\n\t"quoted"',
    level: 'WARN',
    severity: 7,
    timestamp: 1_700_000_001_000,
    tags: ['a', 'b', 'c'],
  },
  send_negative_ts: { id: '4', message: 'neg', timestamp: -1_000 },
  send_level_all: { id: '5', message: 'all', level: 'INFO' },
  send_level_none: { id: '6', message: 'none', level: 'INFO', timestamp: 1_700_000_002_000 },
  send_ms_timestamp: { id: '8', message: 'ms', timestamp: 1_700_000_004_123 },
  send_data_empty: { id: '9', message: 'empty data', timestamp: 1_700_000_005_000, data: {} },
  send_data_emptykv: { id: '10', message: 'empty key', timestamp: 1_700_000_006_000, data: { '': '' } },
};

/** Recorded logs that are invalid, and their invalid fields. */
const REJECTED: Readonly<Record<string, readonly string[]>> = {
  send_extremes: ['severity', 'timestamp'],
  send_level_unknown: ['level'],
};

/** Returns both forms of a recorded request: without the fields that are zero, and with them. */
function bytesOf(name: string): Buffer[] {
  const request = recorded.requests.find((one) => one.name === name);
  if (request === undefined) throw new Error(`There is no recorded request ${name}.`);
  const forms = [request.bytes, ...('bytesWithDefaults' in request ? [request.bytesWithDefaults] : [])];
  return [...new Set(forms)].map((hex) => Buffer.from(hex as string, 'hex'));
}

const namesOf = (path: string): string[] =>
  recorded.requests.filter((request) => request.path === path).map(({ name }) => name);

/** Returns the logs that a recorded GetLogs finds among some events. All of its forms must find the same. */
async function find(name: string, events: readonly EventInput[]): Promise<Log[]> {
  const { vigilant, server } = await serve();
  await vigilant.logBatch(events);
  const client = createRawClient(server.address);
  const answers: Log[][] = [];
  for (const bytes of bytesOf(name)) {
    const messages = await collect(client.streamBytes(FIND, bytes));
    answers.push(messages.map((message) => codecOf<Log>('logger.Log').decode(message)));
  }
  const [first = [], ...others] = answers;
  for (const other of others) expect(other).toEqual(first);
  return first;
}

/** Events with the ids from 1, each a second later than the one before. */
const many = (count: number): EventInput[] =>
  Array.from({ length: count }, (_, index) => ({
    id: String(index + 1),
    message: `log ${index + 1}`,
    timestamp: 1_700_000_000 + index,
  }));

const idsOf = (logs: readonly Log[]): (number | undefined)[] => logs.map(({ id }) => id);

const countDown = (from: number, to: number): number[] =>
  Array.from({ length: from - to + 1 }, (_, index) => from - index);

describe('SendLog', () => {
  it('is tested with every recorded log', () => {
    expect([...Object.keys(EVENTS), ...Object.keys(REJECTED)].sort()).toEqual(namesOf(SEND).sort());
  });

  it.each(Object.keys(EVENTS))('converts %s to an event', async (name) => {
    for (const bytes of bytesOf(name)) {
      const before = Date.now();
      const { vigilant, server } = await serve();
      const answer = await createRawClient(server.address).callBytes(SEND, bytes);
      expect(codecOf<LogResponse>('logger.LogResponse').decode(answer).success).toBe(true);
      const { events } = await vigilant.query();
      expect(events).toMatchObject([EVENTS[name]]);
      if (EVENTS[name]?.timestamp === undefined) expect(events[0]?.timestamp).toBeGreaterThanOrEqual(before);
    }
  });

  it.each(Object.keys(REJECTED))('rejects %s and names the fields', async (name) => {
    for (const bytes of bytesOf(name)) {
      const { vigilant, server } = await serve();
      const failure = await failureOf(createRawClient(server.address).callBytes(SEND, bytes));
      expect(failure.code).toBe(Status.INVALID_ARGUMENT);
      expect(failure.error.violations?.map(({ field }) => field)).toEqual(REJECTED[name]);
      expect((await vigilant.query()).events).toEqual([]);
    }
  });
});

describe('SendLog with an id', () => {
  const send = async (address: string, log: Log): Promise<LogResponse> =>
    createRawClient(address).call<LogResponse>(SEND, log);

  it('reports an id that is stored with different content, and keeps the log as a dead letter', async () => {
    const { vigilant, server } = await serve();
    expect(await send(server.address, { id: 1, message: 'before the restart' })).toEqual({ success: true });
    await vigilant.flush();
    const answer = await send(server.address, { id: 1, message: 'after the restart' });
    expect(answer.success ?? false).toBe(false);
    expect(answer.idTaken).toBe(true);
    await vigilant.flush();
    expect((await vigilant.deadLetters.list()).letters).toMatchObject([{ id: '1', reason: 'id-conflict' }]);
  });

  it('accepts the same log again', async () => {
    const { vigilant, server } = await serve();
    await send(server.address, { id: 1, message: 'm' });
    await vigilant.flush();
    expect(await send(server.address, { id: 1, message: 'm' })).toEqual({ success: true });
  });

  it.each([
    ['fails', () => Promise.reject(new Error('The disk is gone.'))],
    ['does not answer', () => new Promise(() => {})],
  ])('accepts a log while the store %s', async (_what, get) => {
    const { server } = await serve({ engine: { store: override(createMemoryStore(), { get }) } });
    expect(await send(server.address, { id: 1, message: 'm' })).toEqual({ success: true });
  });
});

describe('GetLogs', () => {
  it('returns the newest hundred logs by default', async () => {
    expect(idsOf(await find('getlogs_empty', many(120)))).toEqual(countDown(120, 21));
  });

  it('returns all fields in the form of the predecessor', async () => {
    const event = {
      id: '50',
      message: 'hello',
      level: 'WARN',
      severity: 7,
      timestamp: 1_700_000_000,
      origin: 'o',
      source: 's',
      type: 't',
      group: 'g',
      tags: ['x', 'y'],
      data: { text: 'a', deep: { b: [1] } },
    };
    const [log] = await find('getlogs_empty', [event]);
    expect(JSON.parse(JSON.stringify(log))).toEqual({
      id: 50,
      message: 'hello',
      // The number of WARN.
      level: 3,
      severity: 7,
      timestamp: { low: 1_700_000_000, high: 0, unsigned: false },
      origin: 'o',
      source: 's',
      type: 't',
      group: 'g',
      tags: 'x,y',
      data: { fields: { text: 'a', deep: '{"b":[1]}' } },
    });
  });

  it('returns the id 0 for an id that is not a 32-bit number', async () => {
    const events = ['01', '4294967296', '4294967295', 'a-b'].map((id) => ({ id, message: id }));
    const logs = await find('getlogs_empty', events);
    expect(new Map(logs.map(({ message, id }) => [message, id]))).toEqual(
      new Map([
        ['01', 0],
        ['4294967296', 0],
        ['4294967295', 4_294_967_295],
        ['a-b', 0],
      ]),
    );
  });

  it('skips as many logs as the offset', async () => {
    expect(idsOf(await find('getlogs_paged', many(40)))).toEqual(countDown(20, 11));
    expect(idsOf(await find('getlogs_paged', many(25)))).toEqual(countDown(5, 1));
    expect(await find('getlogs_paged', many(20))).toEqual([]);
  });

  it('returns only logs that match all fields', async () => {
    const match: EventInput = {
      message: 'a Log message',
      level: 'ERROR',
      severity: 3,
      timestamp: 1_612_345_678,
      origin: 'localhost',
      source: 'source',
      type: 'log',
      group: 'default',
      tags: ['tag2', 'tag1', 'tag3'],
    };
    const others: Partial<EventInput>[] = [
      ...[{ message: 'another' }, { level: 'INFO' }, { severity: 4 }, { timestamp: 1_612_345_679 }],
      ...[{ origin: 'x' }, { source: 'x' }, { type: 'x' }, { group: 'x' }, { tags: ['tag1'] }],
    ];
    const matching = many(8).map(({ id }) => ({ ...match, id }) as EventInput);
    const events = others.map(
      (other, index) => ({ ...match, ...other, id: String(100 + index) }) as EventInput,
    );
    expect(idsOf(await find('getlogs_all_fields', [...events, ...matching]))).toHaveLength(8 - 5);
  });

  it('treats NONE as INFO', async () => {
    const events = ['DEBUG', 'INFO', 'WARN', 'ERROR'].map((level) => ({ message: level, level }));
    const logs = await find('getlogs_level_none', events as EventInput[]);
    expect(logs.map(({ message }) => message)).toEqual(['INFO']);
  });
});

describe('GetLogs by timestamp', () => {
  it.each<[string, number, readonly number[]]>([
    ['second', 1_700_000_000, [0, 999.999]],
    ['millisecond', 1_700_000_000_001, [1, 1.999]],
    ['microsecond', 1_700_000_000_001_999, [1.999]],
    ['nanosecond', 1_700_000_000_001_999_000, [1.999]],
  ])('finds the logs of a %s', async (_unit, timestamp, found) => {
    const { vigilant, server } = await serve();
    const offsets = [-0.001, 0, 1, 1.999, 2, 999.999, 1_000];
    await vigilant.logBatch(
      offsets.map((ms) => ({ message: String(ms), timestamp: 1_700_000_000_000 + ms })),
    );
    const logs = await collect(createRawClient(server.address).stream<Log>(FIND, { timestamp }));
    const messages = logs.map(({ message }) => message);
    for (const ms of found) expect(messages).toContain(String(ms));
    expect(messages.every((message) => Number(message) >= (found[0] as number))).toBe(true);
    expect(messages.every((message) => Number(message) <= (found.at(-1) as number))).toBe(true);
  });

  it('rejects a time that is out of range, and names the field', async () => {
    const { server } = await serve();
    const client = createRawClient(server.address);
    const logs = collect(client.stream(FIND, { timestamp: '9223372036854775807' }));
    const failure = await failureOf(logs);
    expect(failure.code).toBe(Status.INVALID_ARGUMENT);
    expect(failure.error.violations).toMatchObject([
      { field: 'timestamp', code: 'out_of_range', limit: '±2^43 ms' },
    ]);
  });
});

describe('GetLog', () => {
  it('finds the log with the id', async () => {
    const { vigilant, server } = await serve();
    await vigilant.logBatch(many(3));
    const [bytes] = bytesOf('getlog_1');
    const log = await createRawClient(server.address).callBytes(GET, bytes as Buffer);
    expect(codecOf<Log>('logger.Log').decode(log)).toMatchObject({ id: 1, message: 'log 1' });
  });

  it('rejects a request without an id', async () => {
    const { server } = await serve();
    const failure = await failureOf(createRawClient(server.address).call(GET, {}));
    expect(failure).toMatchObject({
      code: Status.INVALID_ARGUMENT,
      error: { violations: [{ field: 'id', code: 'required' }] },
    });
  });

  it('reports NOT_FOUND for an unknown id', async () => {
    const { server } = await serve();
    const [bytes] = bytesOf('getlog_1');
    const failure = await failureOf(createRawClient(server.address).callBytes(GET, bytes as Buffer));
    expect(failure).toMatchObject({ code: Status.NOT_FOUND, error: { code: 'VIGILANT_NOT_FOUND' } });
  });
});
