import { describe, expect, it } from 'vitest';
import { handle } from '../support/serve';

const VIEW = { name: 'Declined', filter: 'level:ERROR', since: '2h', columns: ['message'] };

interface Saved {
  readonly id: string;
  readonly revision: string;
}

/** Creates a handler with one view, and a function that sends a change of it. */
async function withView() {
  const { post, get, send } = handle();
  const saved = (await (await post('/v1/views', VIEW)).json()) as Saved;
  const change = (method: string, ifMatch?: string, value: unknown = VIEW): Promise<Response> =>
    send(`/v1/views/${saved.id}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      },
      ...(method === 'PUT' ? { body: JSON.stringify(value) } : {}),
    });
  return { saved, change, get, send };
}

describe('/v1/views', () => {
  it('saves a view and lists it', async () => {
    const { post, get } = handle();
    const response = await post('/v1/views', VIEW);
    expect(response.status).toBe(201);
    const saved = (await response.json()) as Saved;
    expect(saved).toMatchObject({ ...VIEW, updatedAt: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(response.headers.get('etag')).toBe(`"${saved.revision}"`);
    expect(await get('/v1/views')).toEqual({ views: [saved] });
  });

  it('replaces the revision that If-Match names', async () => {
    const { saved, change, get } = await withView();
    const response = await change('PUT', `"${saved.revision}"`, { name: 'Renamed' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id: saved.id, name: 'Renamed', filter: '' });
    expect(await get('/v1/views')).toMatchObject({ views: [{ name: 'Renamed' }] });
  });

  it('deletes the revision that If-Match names', async () => {
    const { saved, change, get } = await withView();
    expect((await change('DELETE', `"${saved.revision}"`)).status).toBe(204);
    expect(await get('/v1/views')).toEqual({ views: [] });
  });

  it.each([['PUT'], ['DELETE']])(
    'answers %s without If-Match with 428, and with another revision with 412',
    async (method) => {
      const { change, get } = await withView();
      expect((await change(method)).status).toBe(428);
      const response = await change(method, '"other"');
      expect(response.status).toBe(412);
      expect(await response.json()).toMatchObject({ code: 'VIGILANT_CONFLICT' });
      expect((await change(method, 'bare')).status).toBe(400);
      expect(await get('/v1/views')).toMatchObject({ views: [VIEW] });
    },
  );

  it('accepts any revision for If-Match: *', async () => {
    const { change } = await withView();
    expect((await change('DELETE', '*')).status).toBe(204);
    expect((await change('DELETE', '*')).status).toBe(404);
  });

  it('rejects an invalid view and names the field', async () => {
    const response = await handle().post('/v1/views', { name: '' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'VIGILANT_QUERY_INVALID',
      violations: [{ field: 'name' }],
    });
  });

  it.each([['[]'], ['{"name":'], ['null']])('rejects the body %s', async (body) => {
    const { send } = handle();
    const headers = { 'content-type': 'application/json' };
    const response = await send('/v1/views', { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'VIGILANT_QUERY_INVALID' });
  });

  it('requires the scopes log and read for changes', async () => {
    const { post, get } = handle({ authorize: (_, scope) => scope === 'read' });
    expect((await post('/v1/views', VIEW)).status).toBe(401);
    expect(await get('/v1/views')).toEqual({ views: [] });
  });
});
