import { describe, expect, it } from 'vitest';
import { createApiClient } from '../../src/app/api/client';
import { EMPTY_STATE, type UrlState } from '../../src/app/route/url-state';
import { SavedViews } from '../../src/app/views/saved-views.svelte';
import { stateOf, toViewInput, type View } from '../../src/app/views/view';

const VIEW: View = { id: 'v1', name: 'Mine', filter: 'a', revision: '7', updatedAt: '2026-03-04T10:00:00Z' };

describe('toViewInput and stateOf', () => {
  const states: readonly UrlState[] = [
    { ...EMPTY_STATE, query: 'level:ERROR', range: { kind: 'relative', last: '24h' } },
    { ...EMPTY_STATE, range: { kind: 'all' }, columns: ['data.userId', 'type'] },
    {
      ...EMPTY_STATE,
      range: { kind: 'absolute', since: '2026-03-04T10:00:00.000Z', until: '2026-03-04T11:00:00.000Z' },
    },
    { ...EMPTY_STATE, range: { kind: 'absolute', since: '2026-03-04T10:00:00.000Z', until: undefined } },
  ];

  it.each(states)('keep query, range and columns of %j', (state) => {
    expect(stateOf(toViewInput('name', state))).toEqual(state);
  });

  it('leaves the selected event out', () => {
    const input = toViewInput(' name ', { ...EMPTY_STATE, event: 'e1', isLive: true });
    expect(input).toEqual({ name: 'name', filter: '', since: '1h' });
  });
});

describe('SavedViews', () => {
  /** Creates views behind a server that answers changes with a status. */
  function createViews(status: number) {
    const asked: [method: string, ifMatch: string | null][] = [];
    const fetch = (async (_: URL, init: RequestInit) => {
      asked.push([init.method ?? 'GET', new Headers(init.headers).get('if-match')]);
      if (init.method === 'GET')
        return Response.json({ views: [VIEW, { ...VIEW, id: 'v0', name: 'Alpha' }] });
      return status === 204 ? new Response(null, { status }) : Response.json({ code: 'X' }, { status });
    }) as typeof globalThis.fetch;
    return { views: new SavedViews(createApiClient({ base: 'http://127.0.0.1/', fetch })), asked };
  }

  it('sorts views by name', async () => {
    const { views } = createViews(204);
    await views.load();
    expect(views.list?.map(({ name }) => name)).toEqual(['Alpha', 'Mine']);
  });

  it('changes only the revision that is shown, and loads the list again', async () => {
    const { views, asked } = createViews(204);
    expect(await views.delete(VIEW)).toBeUndefined();
    expect(asked).toEqual([
      ['DELETE', '"7"'],
      ['GET', null],
    ]);
  });

  it.each([
    [412, 'conflict'],
    [404, 'gone'],
  ])('reports status %i as %s and loads the list again', async (status, kind) => {
    const { views } = createViews(status);
    expect(await views.update(VIEW, { name: 'New', filter: '' })).toBe(kind);
    expect(views.list).toHaveLength(2);
  });

  it('rejects with other errors', async () => {
    const { views } = createViews(403);
    await expect(views.delete(VIEW)).rejects.toMatchObject({ status: 403 });
  });
});

describe('SavedViews.load', () => {
  it('ignores an answer that arrives after that of a later request', async () => {
    const answers: ((views: readonly View[]) => void)[] = [];
    const fetch = (() =>
      new Promise((resolve) =>
        answers.push((views) => resolve(Response.json({ views }))),
      )) as unknown as typeof globalThis.fetch;
    const views = new SavedViews(createApiClient({ base: 'http://127.0.0.1/', fetch }));
    const [earlier, later] = [views.load(), views.load()];
    answers[1]?.([]);
    await later;
    answers[0]?.([VIEW]);
    await earlier;
    expect(views.list).toEqual([]);
  });
});
