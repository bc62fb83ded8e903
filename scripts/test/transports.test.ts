import type { Vigilant, VigilantOptions, Violation } from '@vigilant/core';
import { createVigilant } from '@vigilant/core';
import { serveGrpc } from '@vigilant/grpc';
import { serveHttp } from '@vigilant/http';
import { describe, expect, it } from 'vitest';
import type { Error as ErrorMessage } from '../../packages/grpc/src/generated/vigilant-v1';
import type { RawClient } from '../../packages/grpc/test/support/raw-client';
import { createRawClient, failureOf } from '../../packages/grpc/test/support/raw-client';
import { atEnd } from '../../packages/grpc/test/support/serve';
import { createReadOnlyStore } from '../../packages/http/test/support/read-only';

const SERVICE = '/vigilant.v1.EventService';
const JSON_TYPE = { 'content-type': 'application/json' };
const KIB = 1024;
const FAILED_PRECONDITION = 9;

/** The parts of an error that gRPC and HTTP have in common. */
interface Mistake {
  readonly code: string | undefined;
  readonly position: number | undefined;
  readonly faults: readonly { readonly field: string; readonly code: string; readonly limit?: string }[];
}

/** Both transports of one engine. */
interface Transports {
  readonly vigilant: Vigilant;
  readonly grpc: RawClient;
  /** Sends a GET request, or a POST request with a body, and returns the response as JSON. */
  http(path: string, body?: string, headers?: Readonly<Record<string, string>>): Promise<never>;
}

async function serveBoth(options: VigilantOptions = {}): Promise<Transports> {
  const vigilant = createVigilant(options);
  const [grpc, http] = [await serveGrpc(vigilant, { port: 0 }), await serveHttp(vigilant, { port: 0 })];
  atEnd(() => vigilant.close());
  atEnd(() => grpc.close({ graceMs: 500 }));
  atEnd(() => http.close({ graceMs: 500 }));
  return {
    vigilant,
    grpc: createRawClient(grpc.address),
    async http(path, body, headers = JSON_TYPE) {
      const init = body === undefined ? {} : { method: 'POST', headers, body };
      return (await (await fetch(http.url + path, init)).json()) as never;
    },
  };
}

function mistakeOf({ code, violations = [], position }: ErrorMessage | Problem): Mistake {
  const faults = violations.map(({ field = '', code: fault = '', limit }) => ({
    field,
    code: fault,
    // gRPC transmits a limit as text.
    ...(limit === undefined || limit === '' ? {} : { limit: String(limit) }),
  }));
  return { code, position, faults };
}

/** The members of a problem that gRPC has too. */
interface Problem {
  readonly code: string;
  readonly violations?: readonly Violation[];
  readonly position?: number;
}

const json = (value: unknown): { readonly dataJson: Buffer } => ({
  dataJson: Buffer.from(JSON.stringify(value)),
});

const deep = (depth: number): object => (depth === 0 ? {} : { a: deep(depth - 1) });
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index}`);

/** An invalid event, as gRPC and as HTTP send it. */
const EVENTS: readonly (readonly [name: string, grpc: object, http: object])[] = [
  ['no message', {}, {}],
  [
    'a message that is too long',
    { message: 'm'.repeat(64 * KIB + 1) },
    { message: 'm'.repeat(64 * KIB + 1) },
  ],
  ['an unknown level', { message: 'm', level: 9 }, { message: 'm', level: 'LOUD' }],
  ['an id that is too long', { id: 'i'.repeat(129), message: 'm' }, { id: 'i'.repeat(129), message: 'm' }],
  ['an id with a space', { id: 'a b', message: 'm' }, { id: 'a b', message: 'm' }],
  ...['origin', 'source', 'type', 'group'].map((field) => {
    const event = { message: 'm', [field]: 'n'.repeat(256) };
    return [`a long ${field}`, event, event] as const;
  }),
  ['too many tags', { message: 'm', tags: names(65) }, { message: 'm', tags: names(65) }],
  ['too many entries in tags', { message: 'm', tags: names(1_025) }, { message: 'm', tags: names(1_025) }],
  [
    'a tag that is too long',
    { message: 'm', tags: ['a', 't'.repeat(256)] },
    { message: 'm', tags: ['a', 't'.repeat(256)] },
  ],
  ['data that is an array', { message: 'm', ...json([1]) }, { message: 'm', data: [1] }],
  ['data that is text', { message: 'm', ...json('text') }, { message: 'm', data: 'text' }],
  ['data that is too deep', { message: 'm', ...json(deep(33)) }, { message: 'm', data: deep(33) }],
  [
    'data that is too large',
    { message: 'm', ...json({ a: 'd'.repeat(257 * KIB) }) },
    { message: 'm', data: { a: 'd'.repeat(257 * KIB) } },
  ],
  [
    'a time that is out of range',
    { message: 'm', timestamp: { seconds: 9_000_000_000_000 } },
    { message: 'm', timestamp: '+200000-01-01T00:00:00Z' },
  ],
  ['several faults', { id: 'a b', level: 9, tags: names(65) }, { id: 'a b', level: 'LOUD', tags: names(65) }],
];

/** An invalid query, as gRPC and as HTTP send it. */
const QUERIES: readonly (readonly [name: string, grpc: object, http: string])[] = [
  ['an unknown field', { filter: 'level>=WARN sorce:a' }, 'filter=level%3E%3DWARN+sorce:a'],
  ['an unclosed quote', { filter: '"a' }, 'filter=%22a'],
  ['a filter that is too long', { filter: 'a'.repeat(9_000) }, `filter=${'a'.repeat(9_000)}`],
  ['a filter that is too deep', { filter: '('.repeat(40) }, `filter=${'('.repeat(40)}`],
  ['a start that is not a time', { since: 'yesterday' }, 'since=yesterday'],
  ['an end that is not a time', { until: '5x' }, 'until=5x'],
  ['a start after the end', { since: 'now', until: '2h' }, 'since=now&until=2h'],
  ['an unknown order', { order: 9 }, 'order=9'],
];

describe('gRPC and HTTP', () => {
  it.each(EVENTS)('report the same error for an event with %s', async (_, overGrpc, overHttp) => {
    const { grpc, http, vigilant } = await serveBoth();
    const { error } = await failureOf(grpc.call(`${SERVICE}/LogEvent`, { event: overGrpc }));
    const problem = await http('v1/events', JSON.stringify(overHttp));
    expect(mistakeOf(problem)).toEqual(mistakeOf(error));
    expect(mistakeOf(problem).code).toBe('VIGILANT_EVENT_INVALID');
    expect(mistakeOf(problem).faults).not.toEqual([]);
    expect((await vigilant.status()).intake.accepted).toBe(0);
  });

  it('report the same errors for the invalid events of a batch, and store the others', async () => {
    const { grpc, http, vigilant } = await serveBoth();
    const good = { message: 'm' };
    const batch = EVENTS.flatMap(([, event]) => [event, good]);
    const response = await grpc.call<{ readonly results: readonly { readonly error?: ErrorMessage }[] }>(
      `${SERVICE}/LogEvents`,
      { events: batch },
    );
    const body = JSON.stringify(EVENTS.flatMap(([, , event]) => [event, good]));
    const { accepted, rejected, results } = (await http('v1/events', body)) as {
      readonly accepted: number;
      readonly rejected: number;
      readonly results: readonly { readonly error?: Problem }[];
    };
    expect([accepted, rejected]).toEqual([EVENTS.length, EVENTS.length]);
    const mistakes = (all: readonly { readonly error?: ErrorMessage | Problem }[]) =>
      all.map(({ error }) => error && mistakeOf(error));
    expect(mistakes(results)).toEqual(mistakes(response.results));
    expect((await vigilant.status()).intake).toMatchObject({
      accepted: 2 * EVENTS.length,
      invalid: 2 * EVENTS.length,
    });
  });

  it('report the same error for an event of a batch that cannot be read', async () => {
    const { grpc, http } = await serveBoth();
    // The second event ends within its message.
    const bytes = Buffer.from([0x0a, 0x03, 0x12, 0x01, 0x6d, 0x0a, 0x02, 0x12, 0x05]);
    const encoded = await grpc.callBytes(`${SERVICE}/LogEvents`, bytes);
    const lines = '{"message":"m"}\n{"message":';
    const { results } = (await http('v1/events', lines, { 'content-type': 'application/x-ndjson' })) as {
      readonly results: readonly { readonly error?: Problem }[];
    };
    expect(mistakeOf(results[1]?.error as Problem).code).toBe('VIGILANT_EVENT_INVALID');
    expect(Buffer.from(encoded).toString('latin1')).toContain('events[1]');
    expect(mistakeOf(results[1]?.error as Problem).faults).toEqual([
      { field: 'events[1]', code: 'malformed' },
    ]);
  });

  it('report the same error for a batch with too many events', async () => {
    const { grpc, http } = await serveBoth();
    const events = Array.from({ length: 10_001 }, () => ({ message: 'm' }));
    const { error } = await failureOf(grpc.call(`${SERVICE}/LogEvents`, { events }));
    const problem = await http('v1/events', JSON.stringify(events));
    expect(mistakeOf(problem)).toEqual(mistakeOf(error));
    expect(mistakeOf(problem).faults).toEqual([{ field: 'events', code: 'too_many', limit: '10000' }]);
  });

  it('report the same error for a request that cannot be read', async () => {
    const { grpc, http } = await serveBoth();
    const { error } = await failureOf(grpc.callBytes(`${SERVICE}/LogEvent`, Buffer.from([0x0a, 0x09, 0x12])));
    const problem = await http('v1/events', '{"message":');
    // The names of the parts of a request differ.
    const withoutField = ({ code, faults }: Mistake) => [code, faults.map((fault) => fault.code)];
    expect(withoutField(mistakeOf(problem))).toEqual(withoutField(mistakeOf(error)));
  });

  it.each(QUERIES)('report the same error for a query with %s', async (_, overGrpc, overHttp) => {
    const { grpc, http } = await serveBoth();
    const { error } = await failureOf(grpc.call(`${SERVICE}/QueryEvents`, overGrpc));
    expect(mistakeOf(await http(`v1/events?${overHttp}`))).toEqual(mistakeOf(error));
  });

  it('report the same error for a query with a damaged cursor', async () => {
    const { grpc, http } = await serveBoth();
    const { error } = await failureOf(grpc.call(`${SERVICE}/QueryEvents`, { pageToken: 'nonsense' }));
    const problem = mistakeOf(await http('v1/events?cursor=nonsense'));
    // The names of the field differ: page_token and cursor.
    expect(problem.code).toBe(mistakeOf(error).code);
    expect(problem.faults).toEqual([{ field: 'cursor', code: 'malformed' }]);
  });

  it.each([
    ['an id that is too long', 'i'.repeat(129)],
    ['an id that is not stored', 'none'],
  ])('report the same error for %s', async (_, id) => {
    const { grpc, http } = await serveBoth();
    const { error } = await failureOf(grpc.call(`${SERVICE}/GetEvent`, { id }));
    expect(mistakeOf(await http(`v1/events/${id}`))).toEqual(mistakeOf(error));
  });

  it.each([
    ['a valid event', { message: 'm' }, { message: 'm' }],
    ['an event without a message', {}, {}],
  ])('report the same error for %s that a read-only store does not accept', async (_, overGrpc, overHttp) => {
    const { grpc, http } = await serveBoth({ store: await createReadOnlyStore() });
    const failure = await failureOf(grpc.call(`${SERVICE}/LogEvent`, { event: overGrpc }));
    const problem = (await http('v1/events', JSON.stringify(overHttp))) as Problem & {
      readonly status: number;
    };
    expect(mistakeOf(problem)).toEqual(mistakeOf(failure.error));
    expect(problem).toMatchObject({ code: 'VIGILANT_READ_ONLY', status: 403 });
    expect(failure.code).toBe(FAILED_PRECONDITION);
  });

  it('report the same error for an event of a closed engine', async () => {
    const { grpc, http, vigilant } = await serveBoth();
    await vigilant.close();
    const { error } = await failureOf(grpc.call(`${SERVICE}/LogEvent`, { event: { message: 'm' } }));
    expect(mistakeOf(await http('v1/events', '{"message":"m"}'))).toEqual(mistakeOf(error));
  });
});

describe('a message of any size', () => {
  it.each([
    ['below the limit', 64 * KIB - 1, true],
    ['at the limit', 64 * KIB, true],
    ['above the limit', 64 * KIB + 1, false],
    ['of a mebibyte', KIB * KIB, false],
    ['of 50 mebibytes', 50 * KIB * KIB, false],
  ])(
    'gets the same answer over gRPC and HTTP (%s), and a later event is stored',
    async (_, size, isValid) => {
      const { grpc, http, vigilant } = await serveBoth();
      const event = { message: 'm'.repeat(size) };
      const overGrpc = await grpc.call(`${SERVICE}/LogEvent`, { event }).then(
        () => true,
        () => false,
      );
      const answer = (await http('v1/events', JSON.stringify(event))) as { readonly id?: string };
      expect([overGrpc, answer.id !== undefined]).toEqual([isValid, isValid]);
      await http('v1/events', '{"id":"normal","message":"m"}');
      expect(await vigilant.get('normal')).toMatchObject({ message: 'm' });
    },
  );
});
