import type { Request } from 'playwright-core';
import { expect, it } from 'vitest';
import { undocumentedRequests } from './support/documented-requests';

const request = (method: string, url: string): Request =>
  ({ method: () => method, url: () => `http://127.0.0.1/prefix/${url}` }) as Request;

it('finds requests that the OpenAPI document does not have', async () => {
  const sent = [
    request('GET', 'assets/first.js?x=1'),
    request('GET', 'v1/events?filter=a&limit=1'),
    request('GET', 'v1/events/some-id'),
    request('GET', 'v1/events?colour=red'),
    request('PUT', 'v1/events'),
    request('GET', 'v1/unknown'),
  ];
  expect(await undocumentedRequests(sent)).toEqual([
    'GET /v1/events?colour',
    'PUT /v1/events',
    'GET /v1/unknown',
  ]);
});
