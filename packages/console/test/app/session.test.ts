import { describe, expect, it, vi } from 'vitest';
import { createApiClient } from '../../src/app/api/client';
import { takeSession, type SessionWindow } from '../../src/app/api/session';

/** Creates a window whose page has a token, or does not. */
function windowWith(content: string | undefined, stored?: string) {
  const remove = vi.fn();
  const items = new Map(stored === undefined ? [] : [['vigilant-session', stored]]);
  const target = {
    document: { querySelector: () => (content === undefined ? null : { content, remove }) },
    history: { replaceState: vi.fn() },
    sessionStorage: {
      getItem: (name: string) => items.get(name) ?? null,
      setItem: (name: string, value: string) => void items.set(name, value),
    },
  };
  return { target: target as unknown as SessionWindow, history: target.history, remove, items };
}

describe('takeSession', () => {
  it('removes the token from the page, and keeps it for reloads', () => {
    const { target, history, remove, items } = windowWith('secret', 'of an earlier window');
    expect(takeSession(target)).toBe('secret');
    expect(remove).toHaveBeenCalledOnce();
    expect(history.replaceState).toHaveBeenCalledWith(null, '');
    expect([...items]).toEqual([['vigilant-session', 'secret']]);
  });

  it('returns the token that this tab keeps', () => {
    expect(takeSession(windowWith(undefined, 'secret').target)).toBe('secret');
  });

  it('returns nothing in a browser without a desktop window, and does not change its history', () => {
    const { target, history } = windowWith(undefined);
    expect(takeSession(target)).toBeUndefined();
    expect(history.replaceState).not.toHaveBeenCalled();
  });

  it('returns the token of the page if the browser does not keep anything', () => {
    const blocked = {
      ...windowWith('secret').target,
      get sessionStorage(): never {
        throw new Error('blocked');
      },
    };
    expect(takeSession(blocked)).toBe('secret');
  });
});

describe('createApiClient', () => {
  const headersOf = async (session: string | undefined, headers?: Record<string, string>) => {
    const fetch = vi.fn(async () => Response.json({}));
    const client = createApiClient({ base: 'http://localhost/', session, fetch });
    await client.request('v1/tail', headers === undefined ? {} : { headers });
    const [[, init]] = fetch.mock.calls as unknown as [[URL, RequestInit]];
    return init.headers;
  };

  it('sends the token of a session with each request, besides the headers of the request', async () => {
    expect(await headersOf('secret', { 'last-event-id': '7' })).toEqual({
      authorization: 'Bearer secret',
      'last-event-id': '7',
    });
  });

  it('sends no token without a session', async () => {
    expect(await headersOf(undefined)).toEqual({});
  });
});
