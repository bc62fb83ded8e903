import { vi } from 'vitest';
import { createApiClient, type ApiClient } from '../../src/app/api/client';
import type { ApiEvent } from '../../src/app/api/types';

/** Creates an event of the API. */
export const event = (id: string, fields: Partial<ApiEvent> = {}): ApiEvent =>
  ({
    id,
    timestamp: '2026-03-04T05:06:07.000250Z',
    origin: 'o',
    source: 's',
    group: 'g',
    data: {},
    ...fields,
  }) as ApiEvent;

/** Creates a client whose answers come from a function of the path and the parameters. */
export function clientOf(answer: (path: string, parameters: URLSearchParams) => unknown): ApiClient {
  const fetch = vi.fn(async (url: URL, init: RequestInit) => {
    init.signal?.throwIfAborted();
    const body = await answer(url.pathname.slice(1), url.searchParams);
    return body instanceof Response ? body : Response.json(body);
  });
  return createApiClient({ base: 'http://localhost/', fetch: fetch as unknown as typeof globalThis.fetch });
}

/** Creates a page of events. */
export const page = (events: readonly ApiEvent[], nextCursor?: string) => ({
  events,
  ...(nextCursor === undefined ? {} : { nextCursor }),
  tailCursor: 't',
  complete: true,
  freshness: { complete: true },
});
