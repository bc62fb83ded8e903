import type { HttpHandlerOptions } from '@vigilant/http';
import { describe, expect, it } from 'vitest';
import { handle } from '../support/serve';

const FILES = {
  get: (path: string) =>
    path === 'index.html'
      ? { body: new TextEncoder().encode('<base href="/">'), contentType: 'text/html', immutable: false }
      : undefined,
  isPage: (path: string) => path === '' || path === 'overview',
};

/** Sends a request with headers; returns its status and the field of the violation. */
async function outcome(
  headers: Readonly<Record<string, string>>,
  options: Partial<HttpHandlerOptions> = {},
  { path = '/v1/events', method = 'GET' } = {},
): Promise<string> {
  const response = await handle({ console: FILES, ...options }).send(path, { method, headers });
  if (response.status !== 403) {
    await response.body?.cancel();
    return String(response.status);
  }
  const { code, violations } = (await response.json()) as {
    readonly code: string;
    readonly violations: readonly { readonly field: string }[];
  };
  return `${code} ${violations[0]?.field ?? ''}`;
}

const HOST = 'VIGILANT_FORBIDDEN Host';
const ORIGIN = 'VIGILANT_FORBIDDEN Origin';
const SITE = 'VIGILANT_FORBIDDEN Sec-Fetch-Site';

describe('the host of a request', () => {
  it.each([
    ['localhost', '200'],
    ['LOCALHOST:50052', '200'],
    ['127.0.0.1:8080', '200'],
    ['[::1]:50052', '200'],
    ['192.168.1.5:50052', '200'],
    ['[fe80::1]', '200'],
    ['evil.example', HOST],
    ['localhost.evil.example', HOST],
    ['127.0.0.1.evil.example', HOST],
    ['', HOST],
  ])('is checked without authentication: "%s" has the outcome %s', async (host, expected) => {
    expect(await outcome({ host })).toBe(expected);
  });

  it.each([
    ['events.example.com', '200'],
    ['EVENTS.example.com:8443', '200'],
    ['other.example.com', HOST],
    ['192.168.1.5', HOST],
    ['localhost', '200'],
    ['only.example.com:81', HOST],
    ['only.example.com:80', '200'],
  ])('is compared with allowedHosts: "%s" has the outcome %s', async (host, expected) => {
    const allowedHosts = ['Events.example.com', 'only.example.com:80'];
    expect(await outcome({ host }, { allowedHosts })).toBe(expected);
  });

  it('may be any with an authorize function, which the application controls', async () => {
    expect(await outcome({ host: 'app.example.com' }, { authorize: () => true })).toBe('200');
  });
});

describe('the origin of a request', () => {
  it.each([
    ['http://localhost:50052', '200'],
    ['https://localhost:50052', '200'],
    ['http://localhost:3000', ORIGIN],
    ['http://evil.example', ORIGIN],
    ['null', ORIGIN],
    ['http://localhost:50052.evil.example', ORIGIN],
  ])('is compared with the host: "%s" has the outcome %s', async (origin, expected) => {
    for (const path of ['/v1/events', '/v1/tail', '/'])
      expect(await outcome({ host: 'localhost:50052', origin }, {}, { path })).toBe(expected);
  });

  it.each([['POST'], ['PUT'], ['DELETE'], ['OPTIONS'], ['HEAD']])('is checked for %s', async (method) => {
    const response = handle().send('/v1/events', { method, headers: { origin: 'http://evil.example' } });
    expect((await response).status).toBe(403);
  });

  it.each([
    ['same-origin', '200'],
    ['none', '200'],
    ['same-site', SITE],
    ['cross-site', SITE],
  ])('is checked by Sec-Fetch-Site without Origin: "%s" has the outcome %s', async (site, expected) => {
    expect(await outcome({ 'sec-fetch-site': site })).toBe(expected);
  });

  it('may be another one for a link to a page of the console, but not to data', async () => {
    const headers = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect(await outcome(headers, {}, { path: '/overview' })).toBe('200');
    expect(await outcome(headers, {}, { path: '/v1/events' })).toBe(SITE);
    expect(await outcome({ ...headers, 'sec-fetch-dest': 'iframe' }, {}, { path: '/overview' })).toBe(SITE);
  });
});

describe('CORS', () => {
  const allowedOrigins = ['https://app.example.com'];
  const origin = 'https://app.example.com';

  it('is granted to listed origins only', async () => {
    const { send } = handle({ allowedOrigins });
    const headers = { origin, 'sec-fetch-site': 'cross-site' };
    const response = await send('/v1/events', { headers });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(response.headers.get('vary')).toContain('Origin');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    const plain = await send('/v1/events');
    expect(plain.headers.get('access-control-allow-origin')).toBeNull();
    expect(plain.headers.get('vary')).toContain('Origin');
  });

  it('allows a page of a listed origin to read errors', async () => {
    const response = await handle({ allowedOrigins }).send('/v1/events?limit=0', { headers: { origin } });
    expect(response.status).toBe(400);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
  });

  it('answers preflight requests without authorisation', async () => {
    const { send } = handle({ allowedOrigins, authorize: () => false });
    const headers = { origin, 'access-control-request-method': 'PUT' };
    const response = await send('/v1/views/a', { method: 'OPTIONS', headers });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-allow-methods')).toBe('PUT, DELETE, OPTIONS');
    expect(response.headers.get('access-control-allow-headers')).toContain('If-Match');
  });
});

describe('authorize', () => {
  it.each([
    ['GET', '/v1/events', 'read'],
    ['GET', '/v1/tail', 'read'],
    ['GET', '/v1/status', 'read'],
    ['GET', '/metrics', 'read'],
    ['GET', '/openapi.json', 'read'],
    ['POST', '/v1/events', 'log'],
    ['POST', '/v1/views', 'log'],
  ])('protects %s %s with the scope %s', async (method, path, scope) => {
    const { send } = handle({ authorize: async (_, asked) => asked !== scope });
    const response = await send(path, { method, headers: { authorization: 'Bearer other' } });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'VIGILANT_FORBIDDEN' });
    const anonymous = await send(path, { method });
    expect(anonymous.status).toBe(401);
    expect(anonymous.headers.get('www-authenticate')).toBe('Bearer');
    expect(await anonymous.json()).toMatchObject({ code: 'VIGILANT_UNAUTHENTICATED', retryable: false });
  });

  it('counts a cookie as credentials', async () => {
    const { send } = handle({ authorize: () => false });
    expect((await send('/v1/events', { headers: { cookie: 'session=old' } })).status).toBe(403);
  });

  it.each(['authorization', 'cookie'])('does not count an empty header %s as credentials', async (name) => {
    const { send } = handle({ authorize: () => false });
    expect((await send('/v1/events', { headers: { [name]: ' ' } })).status).toBe(401);
  });

  it('receives the request', async () => {
    const authorize = (request: Request): boolean => request.headers.get('authorization') === 'Bearer key';
    const { send } = handle({ authorize });
    expect((await send('/v1/events', { headers: { authorization: 'Bearer x' } })).status).toBe(403);
    expect((await send('/v1/events', { headers: { authorization: 'Bearer key' } })).status).toBe(200);
  });

  it('allows a request only if it returns true', async () => {
    const { send } = handle({ authorize: (() => 'yes') as never });
    expect((await send('/v1/events')).status).toBe(401);
  });

  it('is reported when it fails, and its message is not sent', async () => {
    const reports: string[] = [];
    const { send } = handle({
      authorize: () => Promise.reject(new Error('secret')),
      onDiagnostic: ({ code }) => reports.push(code),
    });
    const response = await send('/v1/events');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(reports).toEqual(['request-failed']);
  });

  it('is checked before the body is read', async () => {
    let isRead = false;
    const body = new ReadableStream<Uint8Array>({ pull: () => void (isRead = true) }, { highWaterMark: 0 });
    const { send } = handle({ authorize: () => false });
    const init = { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/json' } };
    expect((await send('/v1/events', init as RequestInit)).status).toBe(401);
    expect(isRead).toBe(false);
  });
});
