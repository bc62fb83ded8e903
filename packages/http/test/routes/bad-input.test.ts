import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import type { Vigilant } from '@vigilant/core';
import { createVigilant } from '@vigilant/core';
import type { HttpHandler } from '@vigilant/http';
import { createHttpHandler } from '@vigilant/http';

const JSON_TYPE = { 'content-type': 'application/json' };
const LINES_TYPE = { 'content-type': 'application/x-ndjson' };

let vigilant: Vigilant;
let handler: HttpHandler;
let view: { readonly id: string; readonly revision: string };

beforeAll(async () => {
  vigilant = createVigilant();
  handler = createHttpHandler(vigilant, { authorize: 'none', maxBodyBytes: 100_000, maxTails: 0 });
  view = await vigilant.views.create({ name: 'v' });
});

afterAll(async () => {
  await handler.close();
  await vigilant.close();
});

/** What is wrong with a request: the field and code of each violation, with its limit if there is one. */
type Faults = readonly (readonly [field: string, code: string, limit?: number | string])[];

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly faults: Faults;
  readonly reasons: readonly string[];
}

async function answerTo(path: string, init?: RequestInit): Promise<Answer> {
  const response = await handler.fetch(new Request(`http://localhost${path}`, init));
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const { code, detail, violations } = (await response.json()) as {
    readonly code: string;
    readonly detail: string;
    readonly violations: readonly {
      readonly field: string;
      readonly code: string;
      readonly reason: string;
      readonly limit?: number | string;
    }[];
  };
  const faults = violations.map((each): Faults[number] =>
    each.limit === undefined ? [each.field, each.code] : [each.field, each.code, each.limit],
  );
  return { status: response.status, code, detail, faults, reasons: violations.map(({ reason }) => reason) };
}

/** Checks an answer as a client sees it: it names what the client has sent, and nothing of the server. */
function check({ status, code, detail, faults, reasons }: Answer, expected: Faults, isStatus = 400): void {
  expect({ status, faults }).toEqual({ status: isStatus, faults: expected });
  expect(code).toMatch(/^VIGILANT_(QUERY|FILTER|CURSOR|EVENT)_INVALID$|NOT_|CONFLICT|LIMIT|FORBIDDEN/);
  for (const text of [detail, ...reasons]) {
    expect(text).not.toMatch(/\w\(\)|fields\[|undefined|\[object/);
    expect(text.length).toBeGreaterThan(5);
  }
}

const integer = (min: number, max: number) => `${min}–${max}`;
const FRESH = ['freshMs', 'out_of_range', integer(0, 600_000)] as const;
const DEADLINE = ['deadlineMs', 'out_of_range', integer(1, 600_000)] as const;
const RANGE = [
  ['since', 'malformed'],
  ['until', 'malformed'],
] as const;
const FILTER = ['filter', 'malformed'] as const;
const bad = 'filter=sorce:a&since=x&until=y&nope=1';
const nope = ['nope', 'unknown_option'] as const;

describe('The problem of a request names all wrong parameters', () => {
  it.each<[string, Faults]>([
    [
      `/v1/events?${bad}&order=q&limit=0&cursor=x&maxBytes=0&freshMs=-1&deadlineMs=z`,
      [
        ...[FILTER, ...RANGE, ['order', 'unknown_value'] as const],
        ['limit', 'out_of_range', integer(1, 10_000)],
        ['cursor', 'malformed'],
        ['maxBytes', 'out_of_range', integer(1, 8_388_608)],
        ...[FRESH, DEADLINE, nope],
      ],
    ],
    [
      '/v1/events?limit=1&limit=2&filter=%ff&%ff=1',
      [
        ['filter', 'malformed'],
        ['limit', 'repeated'],
        ['%ff', 'unknown_option'],
      ],
    ],
    ['/v1/events?since=2h&until=3h', [['since', 'out_of_range']]],
    [`/v1/events?filter=${'a'.repeat(9_000)}`, [['filter', 'too_large', 8_192]]],
    [`/v1/events?filter=${'('.repeat(40)}`, [['filter', 'too_large', 32]]],
    [`/v1/events/${'i'.repeat(129)}`, [['id', 'too_long', 128]]],
    ['/v1/events/none?freshMs=-1&nope=1', [FRESH, nope]],
    ['/v1/event', [['id', 'required']]],
    ['/v1/event?id=', [['id', 'required']]],
    [
      `/v1/histogram?${bad}&buckets=0&by=colour&limit=0&freshMs=-1&deadlineMs=0`,
      [
        ...[FILTER, ...RANGE],
        ['buckets', 'out_of_range', integer(1, 1_000)],
        ['by', 'unknown_value'],
        ['limit', 'out_of_range', integer(1, 1_000)],
        ...[FRESH, DEADLINE, nope],
      ],
    ],
    ['/v1/histogram?by=', [['by', 'unknown_value']]],
    ['/v1/histogram?by=timestamp', [['by', 'unknown_value']]],
    [
      `/v1/facets?${bad}&field=colour&field=level&field=id&limit=0&freshMs=-1&deadlineMs=0`,
      [
        ...[FILTER, ...RANGE],
        ['field', 'unknown_value'],
        ['field', 'unknown_value'],
        ['limit', 'out_of_range', integer(1, 1_000)],
        ...[FRESH, DEADLINE, nope],
      ],
    ],
    [`/v1/facets?${'field=level&'.repeat(21)}`, [['field', 'too_many', 20]]],
    ['/v1/tail?filter=sorce:a&cursor=x&nope=1', [FILTER, ['cursor', 'malformed'], nope]],
    [
      `/v1/export?${bad}&order=q&limit=0&format=xml`,
      [
        ...[FILTER, ...RANGE, ['order', 'unknown_value'] as const],
        ['limit', 'out_of_range', integer(1, 1_000_000_000)],
        ['format', 'unknown_value'],
        nope,
      ],
    ],
    ['/v1/views?nope=1', [nope]],
    ['/v1/status?nope=1', [nope]],
    ['/livez?nope=1', [nope]],
    ['/readyz?nope=1', [nope]],
    ['/metrics?nope=1', [nope]],
    ['/openapi.json?nope=1', [nope]],
  ])('%s', async (path, expected) => {
    check(await answerTo(path), expected);
  });

  it('reports at most 20 of them', async () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `p${index}=1`).join('&');
    expect((await answerTo(`/v1/events?${many}`)).faults).toHaveLength(20);
  });

  it.each<[string, Faults]>([['x', [['Last-Event-ID', 'malformed']]]])(
    'Last-Event-ID: %s',
    async (value, expected) => {
      check(await answerTo('/v1/tail', { headers: { 'last-event-id': value } }), expected);
    },
  );
});

describe('The problem of a body names its fields', () => {
  const gzip = { ...JSON_TYPE, 'content-encoding': 'gzip' };
  it.each<[string, string | Uint8Array<ArrayBuffer>, Readonly<Record<string, string>>, Faults, number?]>([
    ['nothing', '', JSON_TYPE, [['body', 'required']]],
    ['half of an object', '{', JSON_TYPE, [['body', 'malformed']]],
    ['a text', '"x"', JSON_TYPE, [['body', 'wrong_type']]],
    ['null', 'null', JSON_TYPE, [['body', 'wrong_type']]],
    ['a number', '5', JSON_TYPE, [['body', 'wrong_type']]],
    ['events that are not an array', '{"events":5}', JSON_TYPE, [['events', 'wrong_type']]],
    ['a batch with another field', '{"events":[],"x":1}', JSON_TYPE, [['x', 'unknown_field']]],
    [
      'an event with wrong fields',
      '{"message":5,"level":"LOUD","foo":1}',
      JSON_TYPE,
      [
        ['foo', 'unknown_field'],
        ['message', 'wrong_type'],
        ['level', 'unknown_value'],
      ],
    ],
    [
      'a batch of wrong events',
      '[{"message":1},5,{}]',
      JSON_TYPE,
      [
        ['events[0].message', 'wrong_type'],
        ['events[1]', 'wrong_type'],
        ['events[2].message', 'required'],
      ],
    ],
    ['an array that is not JSON', '[{"message":"a"},]', JSON_TYPE, [['body', 'malformed']]],
    ['lines that are not JSON', '{', LINES_TYPE, [['events[0]', 'malformed']]],
    ['empty lines', '\n\n', LINES_TYPE, [['body', 'required']]],
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), JSON_TYPE, [['body', 'malformed']]],
    ['bytes that are not gzip', '{}', gzip, [['body', 'malformed']]],
    [
      'an unknown encoding',
      '{}',
      { ...JSON_TYPE, 'content-encoding': 'br' },
      [['Content-Encoding', 'unsupported']],
      415,
    ],
    ['an unknown type', '{}', { 'content-type': 'text/plain' }, [['Content-Type', 'unsupported']], 415],
    [
      'an unknown charset',
      '{}',
      { 'content-type': 'application/json; charset=latin1' },
      [['Content-Type', 'unsupported']],
      415,
    ],
    ['too many bytes', 'x'.repeat(100_001), JSON_TYPE, [['body', 'too_large', 100_000]], 413],
  ])('POST /v1/events: %s', async (_, body, headers, expected, status = 400) => {
    check(await answerTo('/v1/events', { method: 'POST', headers, body }), expected, status);
  });

  it.each<[string, string, Faults]>([
    ['nothing', '', [['body', 'required']]],
    ['half of an object', '{', [['body', 'malformed']]],
    ['a number', '5', [['body', 'wrong_type']]],
    ['null', 'null', [['body', 'wrong_type']]],
    ['an array', '[]', [['body', 'wrong_type']]],
    ['no name', '{}', [['name', 'required']]],
    ['an invisible name', '{"name":"  "}', [['name', 'invalid_value']]],
    ['a long name', `{"name":"${'n'.repeat(101)}"}`, [['name', 'invalid_value', '1–100']]],
    ['a start after the end', '{"name":"n","since":"now","until":"2h"}', [['since', 'out_of_range']]],
    [
      'wrong types',
      '{"name":5,"filter":5,"since":5,"until":5,"columns":5}',
      [
        ['name', 'invalid_value', '1–100'],
        ['filter', 'invalid_value'],
        ['since', 'invalid_value', '1–100'],
        ['until', 'invalid_value', '1–100'],
        ['columns', 'invalid_value', 30],
      ],
    ],
    [
      'wrong values',
      '{"name":"","filter":"sorce:a","since":"q","until":"r","columns":["",5],"foo":1,"naem":1}',
      [
        ['name', 'invalid_value', '1–100'],
        ...[FILTER, ...RANGE],
        ['columns[0]', 'invalid_value', '1–255'],
        ['columns[1]', 'invalid_value', '1–255'],
        ['foo', 'unknown_field'],
        ['naem', 'unknown_field'],
      ],
    ],
  ])('of a view: %s', async (_, body, expected) => {
    const headers = { ...JSON_TYPE, 'if-match': '*' };
    check(await answerTo('/v1/views', { method: 'POST', headers, body }), expected);
    check(await answerTo(`/v1/views/${view.id}`, { method: 'PUT', headers, body }), expected);
  });
});

describe('The problem of a header, a method or a path names it', () => {
  const put = { method: 'PUT', body: '{"name":"n"}' };
  it.each<[string, () => [path: string, init: RequestInit], number, Faults]>([
    [
      'no If-Match',
      () => [`/v1/views/${view.id}`, { ...put, headers: JSON_TYPE }],
      428,
      [['If-Match', 'required']],
    ],
    [
      'a malformed If-Match',
      () => [`/v1/views/${view.id}`, { ...put, headers: { ...JSON_TYPE, 'if-match': 'x' } }],
      400,
      [['If-Match', 'malformed']],
    ],
    [
      'an old If-Match',
      () => [`/v1/views/${view.id}`, { ...put, headers: { ...JSON_TYPE, 'if-match': '"x"' } }],
      412,
      [['If-Match', 'conflict']],
    ],
    [
      'an unknown view',
      () => ['/v1/views/x', { method: 'DELETE', headers: { 'if-match': '*' } }],
      404,
      [['id', 'not_found']],
    ],
    ['an unknown event', () => ['/v1/events/x?freshMs=0', {}], 404, [['id', 'not_found']]],
    ['an unknown path', () => ['/v1/typo', {}], 404, [['path', 'unknown_value']]],
    ['an unknown path without a base', () => ['/', {}], 404, [['path', 'unknown_value']]],
    ['an unsupported method', () => ['/v1/events', { method: 'DELETE' }], 405, [['method', 'unsupported']]],
    ['one tail too many', () => ['/v1/tail', {}], 429, [['tails', 'too_many', 0]]],
    [
      'a foreign host',
      () => ['/v1/events', { headers: { host: 'example.com' } }],
      403,
      [['Host', 'forbidden']],
    ],
    [
      'a foreign origin',
      () => ['/v1/events', { headers: { origin: 'https://example.com' } }],
      403,
      [['Origin', 'forbidden']],
    ],
    [
      'another site',
      () => ['/v1/events', { headers: { 'sec-fetch-site': 'cross-site' } }],
      403,
      [['Sec-Fetch-Site', 'forbidden']],
    ],
  ])('%s', async (_, request, status, expected) => {
    check(await answerTo(...request()), expected, status);
  });

  it('reports missing credentials', async () => {
    const denied = createHttpHandler(vigilant, { authorize: () => false });
    const response = await denied.fetch(new Request('http://localhost/v1/events'));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      detail: 'Authorization: the request has no credentials, and the scope "read" requires them',
      violations: [{ field: 'Authorization', code: 'required' }],
    });
  });

  it('reports a missing scope', async () => {
    const denied = createHttpHandler(vigilant, { authorize: () => false });
    const headers = { authorization: 'Bearer x' };
    const response = await denied.fetch(new Request('http://localhost/v1/events', { headers }));
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      detail: 'Authorization: this caller does not have the scope "read"',
      violations: [{ field: 'Authorization', code: 'forbidden' }],
    });
  });
});
