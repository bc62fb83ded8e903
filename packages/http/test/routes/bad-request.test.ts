import { describe, expect, it } from 'vitest';
import type { Faults } from '../support/problem';
import { answerTo, check, createLimited } from '../support/problem';
import { handle } from '../support/serve';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('the problem of an invalid header, method or path', () => {
  const put = { method: 'PUT', body: '{"name":"n"}' };
  it.each<[string, (viewId: string) => [path: string, init: RequestInit], number, Faults]>([
    [
      'a missing If-Match',
      (viewId) => [`/v1/views/${viewId}`, { ...put, headers: JSON_TYPE }],
      428,
      [['If-Match', 'required']],
    ],
    [
      'a malformed If-Match',
      (viewId) => [`/v1/views/${viewId}`, { ...put, headers: { ...JSON_TYPE, 'if-match': 'x' } }],
      400,
      [['If-Match', 'malformed']],
    ],
    [
      'an old If-Match',
      (viewId) => [`/v1/views/${viewId}`, { ...put, headers: { ...JSON_TYPE, 'if-match': '"x"' } }],
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
      'a host that is not allowed',
      () => ['/v1/events', { headers: { host: 'example.com' } }],
      403,
      [['Host', 'forbidden']],
    ],
    [
      'an origin that is not allowed',
      () => ['/v1/events', { headers: { origin: 'https://example.com' } }],
      403,
      [['Origin', 'forbidden']],
    ],
    [
      'a request from another site',
      () => ['/v1/events', { headers: { 'sec-fetch-site': 'cross-site' } }],
      403,
      [['Sec-Fetch-Site', 'forbidden']],
    ],
  ])('reports %s', async (_, request, status, expected) => {
    const limited = createLimited();
    const { id } = await limited.vigilant.views.create({ name: 'v' });
    check(await answerTo(limited, ...request(id)), expected, status);
  });

  it('reports missing credentials', async () => {
    const { send } = handle({ authorize: () => false });
    const response = await send('/v1/events');
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      detail: 'Authorization: the request has no credentials, and the scope "read" requires them',
      violations: [{ field: 'Authorization', code: 'required' }],
    });
  });

  it('reports a missing scope', async () => {
    const { send } = handle({ authorize: () => false });
    const response = await send('/v1/events', { headers: { authorization: 'Bearer x' } });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      detail: 'Authorization: this caller does not have the scope "read"',
      violations: [{ field: 'Authorization', code: 'forbidden' }],
    });
  });
});
