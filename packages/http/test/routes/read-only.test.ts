import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/routes/routes';
import { createReadOnlyStore } from '../support/read-only';
import type { TestHandler } from '../support/serve';
import { handle } from '../support/serve';

async function setUp(): Promise<TestHandler> {
  return handle({}, { store: await createReadOnlyStore() });
}

const READ_ONLY = {
  status: 403,
  code: 'VIGILANT_READ_ONLY',
  retryable: false,
  detail: expect.stringContaining('open the store for writing') as string,
};

const WRITES = ROUTES.filter(({ scopes }) => scopes.includes('log'));

describe('a handler of an engine with a read-only store', () => {
  it.each(WRITES.map(({ method, path }) => [method, path]))(
    'rejects %s %s with 403, before it reads the body',
    async (method, path) => {
      const { send } = await setUp();
      const body = new ReadableStream({ pull: () => new Promise(() => {}) });
      const headers = { 'content-type': 'application/json', 'if-match': '*' };
      const init = { method, headers, ...(method === 'DELETE' ? {} : { body, duplex: 'half' as const }) };
      const response = await send(path.replace('{id}', 'some'), init);
      expect(response.status).toBe(403);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject(READ_ONLY);
    },
  );

  it('has no other endpoint that writes', () => {
    const methods = new Set(ROUTES.filter((route) => !WRITES.includes(route)).map(({ method }) => method));
    expect([...methods]).toEqual(['GET']);
  });

  it('rejects a caller without the scope first', async () => {
    const { send } = handle({ authorize: () => false }, { store: await createReadOnlyStore() });
    const response = await send('/v1/events', { method: 'POST' });
    expect(await response.json()).toMatchObject({ code: 'VIGILANT_UNAUTHENTICATED' });
  });

  it('answers reads', async () => {
    const { get, send } = await setUp();
    expect(await get('/v1/events')).toMatchObject({
      events: [{ id: 'stored' }],
      freshness: { complete: true },
    });
    expect(await get('/v1/events/stored')).toMatchObject({ message: 'm' });
    expect(await get('/v1/histogram')).toMatchObject({ buckets: [{ counts: { INFO: 1 } }] });
    expect(await get('/v1/facets?field=level')).toMatchObject({ facets: [{ values: [{ value: 'INFO' }] }] });
    expect(await get('/v1/views')).toEqual({ views: [] });
    expect(await (await send('/v1/export')).text()).toContain('"stored"');
  });

  it('reports that it is read-only in its status', async () => {
    const { get } = await setUp();
    expect(await get('/v1/status')).toMatchObject({ capabilities: { store: { readOnly: true } } });
  });

  it('is ready and alive, and says that it is read-only', async () => {
    const { get } = await setUp();
    const health = { status: 'ok', reasons: [], readOnly: true };
    expect(await get('/readyz')).toEqual(health);
    await get('/v1/events');
    expect(await get('/readyz')).toEqual(health);
    expect(await get('/livez')).toEqual(health);
  });

  it('describes the rejection of writes in the OpenAPI document', async () => {
    const { get } = await setUp();
    const { paths } = await get<{
      paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>;
    }>('/openapi.json');
    for (const { method, path } of WRITES)
      expect(paths[path]?.[method.toLowerCase()]?.responses['403']?.description).toContain(
        'VIGILANT_READ_ONLY',
      );
  });
});
