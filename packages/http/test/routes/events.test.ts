import type { Diagnostic } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { handle } from '../support/serve';

const LINES = { 'content-type': 'application/x-ndjson' };
const JSON_BODY = { 'content-type': 'application/json' };

describe('POST /v1/events', () => {
  it('logs one event and returns its id', async () => {
    const { post, get } = handle();
    const response = await post('/v1/events', { id: 'a', message: 'hello', data: { user: 42 } });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ id: 'a' });
    expect(await get('/v1/events/a')).toMatchObject({ message: 'hello', data: { user: 42 }, sequence: 1 });
  });

  it.each([
    ['an array', [{ id: 'a', message: 'm' }, { message: 5 }]],
    ['an object', { events: [{ id: 'a', message: 'm' }, { message: 5 }] }],
  ])('stores the valid events of %s and names the faults of the others', async (_, value) => {
    const { post, vigilant } = handle();
    const response = await post('/v1/events', value);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      accepted: 1,
      rejected: 1,
      results: [
        { id: 'a' },
        {
          error: {
            code: 'VIGILANT_EVENT_INVALID',
            retryable: false,
            violations: [{ field: 'events[1].message', code: 'wrong_type' }],
          },
        },
      ],
    });
    expect((await vigilant.status()).intake).toMatchObject({ accepted: 1, invalid: 1 });
  });

  it.each<[string, Record<string, string>, string, string, string]>([
    ['a text', JSON_BODY, '"x"', 'body', 'wrong_type'],
    ['a batch with another field', JSON_BODY, '{"events":[],"x":1}', 'x', 'unknown_field'],
    ['a line that is not JSON', LINES, '{', 'events[0]', 'malformed'],
  ])('counts and reports %s', async (_, headers, body, field, code) => {
    const diagnostics: Diagnostic[] = [];
    const onDiagnostic = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
    const { send, vigilant } = handle({}, { onDiagnostic });
    expect((await send('/v1/events', { method: 'POST', headers, body })).status).toBe(400);
    expect((await vigilant.status()).intake).toMatchObject({ accepted: 0, invalid: 1 });
    expect(diagnostics).toMatchObject([{ code: 'event-refused', error: { violations: [{ field, code }] } }]);
  });

  it.each([
    ['an array', `[${'{},'.repeat(1_000_000)}{}]`],
    ['an object with events', `{"events": [${'{},'.repeat(1_000_000)}{}]}`],
  ])('counts the events of %s without parsing them', async (_name, body) => {
    const { send } = handle();
    const response = await send('/v1/events', { method: 'POST', headers: JSON_BODY, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      violations: [{ field: 'events', code: 'too_many', limit: 10_000 }],
    });
  });

  it('rejects the JSON of an event that is too long to be valid, and accepts the others', async () => {
    const { send } = handle();
    const keys = Array.from({ length: 200_000 }, (_, index) => `"key${index}":0`);
    const body = `[{"message":"m"},{"message":"m","data":{${keys.join(',')}}}]`;
    const response = await send('/v1/events', { method: 'POST', headers: JSON_BODY, body });
    expect(await response.json()).toMatchObject({
      accepted: 1,
      results: [{}, { error: { violations: [{ field: 'events[1]', code: 'too_large' }] } }],
    });
  });

  it('rejects brackets that are nested too deeply without parsing them', async () => {
    const { send } = handle();
    const body = '['.repeat(3_000_000);
    const response = await send('/v1/events', { method: 'POST', headers: JSON_BODY, body });
    expect(await response.json()).toMatchObject({ violations: [{ field: 'body', code: 'malformed' }] });
  });

  it('accepts one event per line, and reports a line that is not JSON', async () => {
    const { send, get } = handle();
    const body = '{"id":"a","message":"m"}\r\n\n{"id":\n{"id":"b","message":"m"}\n';
    const response = await send('/v1/events', { method: 'POST', headers: LINES, body });
    expect(await response.json()).toMatchObject({
      accepted: 2,
      rejected: 1,
      results: [
        { id: 'a' },
        {
          error: {
            violations: [{ field: 'events[1]', code: 'malformed', reason: 'line 3 is not valid JSON' }],
          },
        },
        { id: 'b' },
      ],
    });
    expect(await get('/v1/events?order=arrival')).toMatchObject({ events: [{ id: 'a' }, { id: 'b' }] });
  });

  it('answers 400 with the results when no event of a batch is valid', async () => {
    const { post } = handle();
    const response = await post('/v1/events', [{}, { message: 'm', level: 'LOUD' }]);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      code: 'VIGILANT_EVENT_INVALID',
      violations: [
        { field: 'events[0].message', code: 'required' },
        { field: 'events[1].level', code: 'unknown_value' },
      ],
      results: [{ error: {} }, { error: {} }],
    });
  });

  it('accepts an empty array', async () => {
    const response = await handle().post('/v1/events', []);
    expect(await response.json()).toEqual({ accepted: 0, rejected: 0, results: [] });
  });

  it.each([
    ['application/x-www-form-urlencoded'],
    ['text/plain;charset=UTF-8'],
    ['application/json; charset=latin1'],
    [''],
  ])('answers 415 to the content type "%s" and says what to send', async (type) => {
    const { send, vigilant } = handle();
    const init = { method: 'POST', headers: { 'content-type': type }, body: '{"message":"m"}' };
    const response = await send('/v1/events', init);
    expect(response.status).toBe(415);
    const problem = (await response.json()) as { readonly detail: string };
    expect(problem.detail).toContain(`With curl, add -H 'Content-Type: application/json'`);
    expect((await vigilant.status()).intake.accepted).toBe(0);
  });

  it('replaces a lone surrogate of an escape, and rejects one in the body, which is not UTF-8', async () => {
    const { send, get } = handle();
    const escaped = '{"id":"a","message":"m\\ud800","data":{"k\\udc00":"\\ud801"}}';
    await send('/v1/events', { method: 'POST', headers: JSON_BODY, body: escaped });
    expect(await get('/v1/events/a')).toMatchObject({ message: 'm\ufffd', data: { 'k\ufffd': '\ufffd' } });
    const body = Buffer.from('{"message":"m\xed\xa0\x80"}', 'latin1');
    expect((await send('/v1/events', { method: 'POST', headers: JSON_BODY, body })).status).toBe(400);
  });

  it('keeps the digits of large integers', async () => {
    const { send, get } = handle();
    const body = '{"id":"a","message":"m","data":{"order":12345678901234567890}}';
    const headers = { 'content-type': 'application/json' };
    await send('/v1/events', { method: 'POST', headers, body });
    expect(await get('/v1/events/a')).toMatchObject({ data: { order: '12345678901234567890' } });
  });
});

describe('GET /v1/events', () => {
  it('returns pages with ISO 8601 times and cursors', async () => {
    const { vigilant, get } = handle();
    await vigilant.logBatch([
      { id: 'a', message: 'm', timestamp: '2026-01-01T00:00:00.123456Z', tags: ['t'] },
      { id: 'b', message: 'm', timestamp: '2026-01-02' },
    ]);
    const first = await get('/v1/events?order=oldest&limit=1');
    expect(first).toMatchObject({
      events: [{ id: 'a', timestamp: '2026-01-01T00:00:00.123456Z', tags: ['t'], sequence: 1 }],
      complete: true,
      freshness: { complete: true },
      tailCursor: expect.any(String),
    });
    const cursor = encodeURIComponent(String(first['nextCursor']));
    expect(await get(`/v1/events?order=oldest&limit=1&cursor=${cursor}`)).toMatchObject({
      events: [{ id: 'b' }],
    });
  });

  it('applies the filter and the range', async () => {
    const { vigilant, get } = handle();
    await vigilant.logBatch([
      { id: 'a', message: 'card declined', level: 'ERROR', timestamp: '2026-01-01' },
      { id: 'b', message: 'card declined', timestamp: '2026-01-01' },
      { id: 'c', message: 'card declined', level: 'ERROR', timestamp: '2026-01-03' },
    ]);
    const filter = encodeURIComponent('level>=WARN "card declined"');
    expect(await get(`/v1/events?filter=${filter}&until=2026-01-02`)).toMatchObject({
      events: [{ id: 'a' }],
    });
  });

  it('states the position of a fault in the filter', async () => {
    const response = await handle().send('/v1/events?filter=sorce:shop');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'VIGILANT_FILTER_INVALID', position: 0 });
  });

  it.each([
    ['limit=0', 'limit', 'out_of_range'],
    ['limit=many', 'limit', 'out_of_range'],
    ['limit=1&limit=2', 'limit', 'repeated'],
    ['limt=1', 'limt', 'unknown_option'],
    ['order=random', 'order', 'unknown_value'],
    ['since=yesterday', 'since', 'malformed'],
    ['filter=%ff', 'filter', 'malformed'],
    ['maxBytes=99999999', 'maxBytes', 'out_of_range'],
  ])('rejects ?%s and names the parameter', async (query, field, code) => {
    const response = await handle().send(`/v1/events?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'VIGILANT_QUERY_INVALID',
      violations: [{ field, code }],
    });
  });
});

describe('GET /v1/events/{id}', () => {
  it('finds an id with characters that a path must encode', async () => {
    const { vigilant, get } = handle();
    await vigilant.log({ id: 'a/b?c%', message: 'm' });
    expect(await get(`/v1/events/${encodeURIComponent('a/b?c%')}`)).toMatchObject({ id: 'a/b?c%' });
  });

  it('answers 404 for an id that is not stored', async () => {
    const response = await handle().send('/v1/events/none');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'VIGILANT_NOT_FOUND' });
  });

  it('rejects an id that is too long', async () => {
    const response = await handle().send(`/v1/events/${'a'.repeat(129)}`);
    expect(await response.json()).toMatchObject({
      code: 'VIGILANT_QUERY_INVALID',
      violations: [{ field: 'id', code: 'too_long', limit: 128 }],
    });
  });
});

describe('GET /v1/event', () => {
  it.each(['.', '..', 'a/b?c%&d=e+f', 'plain'])('returns the event with the id %j', async (id) => {
    const { vigilant, send } = handle();
    await vigilant.log({ id, message: 'm' });
    const response = await send(`/v1/event?${new URLSearchParams({ id })}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id, message: 'm' });
  });

  it('answers 404 for the id of an event that does not exist', async () => {
    const response = await handle().send('/v1/event?id=none&freshMs=0');
    expect(response.status).toBe(404);
    const reason = 'there is no event with the id "none"';
    expect(await response.json()).toMatchObject({
      code: 'VIGILANT_NOT_FOUND',
      detail: `id: ${reason}`,
      violations: [{ field: 'id', code: 'not_found', reason }],
    });
  });

  it('requires an id', async () => {
    const response = await handle().send('/v1/event');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ violations: [{ field: 'id', code: 'required' }] });
  });
});
