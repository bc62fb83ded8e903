import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { handle } from '../support/serve';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const SCRIPT = bytes('export {}');

const FILES = {
  get(path: string) {
    switch (path) {
      case 'index.html':
        return {
          body: bytes('<head><base href="/"></head>'),
          gzip: gzipSync('<head><base href="/"></head>'),
          contentType: 'text/html; charset=utf-8',
          immutable: false,
        };
      case 'assets/app-1a2b.js':
        return { body: SCRIPT, gzip: gzipSync(SCRIPT), contentType: 'text/javascript', immutable: true };
      default:
        return undefined;
    }
  },
  isPage: (path: string) => ['', 'overview', 'live'].includes(path) || path.startsWith('e/'),
};

describe('the files of the console', () => {
  it.each([['/'], ['/overview'], ['/e/some.id']])('serve the page for %s', async (path) => {
    const response = await handle({ console: FILES }).send(path, { headers: { 'accept-encoding': 'gzip' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(await response.text()).toBe('<head><base href="/"></head>');
  });

  it('have a policy that allows neither other hosts nor inline code', async () => {
    const { headers } = await handle({ console: FILES }).send('/');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|data:/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  });

  it('are compressed for clients that accept gzip', async () => {
    const { send } = handle({ console: FILES });
    const path = '/assets/app-1a2b.js';
    for (const [accepted, encoding] of [
      ['br, gzip', 'gzip'],
      ['gzip;q=0.5', 'gzip'],
      ['gzip;q=0', null],
      ['br', null],
    ] as const) {
      const response = await send(path, { headers: { 'accept-encoding': accepted } });
      expect(response.headers.get('content-encoding'), accepted).toBe(encoding);
      expect(response.headers.get('vary')).toContain('Accept-Encoding');
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      const body = new Uint8Array(await response.arrayBuffer());
      expect(body.byteLength).toBe(Number(response.headers.get('content-length')));
    }
  });

  it.each<[string, string]>([
    ['/assets/missing.js', 'GET /openapi.json lists all endpoints'],
    ['/favicon.ico', 'GET /openapi.json lists all endpoints'],
    ['/overviews/x', 'GET /openapi.json lists all endpoints'],
    ['/v1', 'GET /openapi.json lists all endpoints'],
    ['/v1/typo', 'GET /openapi.json lists all endpoints'],
    ['/v1/events/a/b', 'GET /openapi.json lists all endpoints'],
    ['/v1/evnts', 'did you mean /v1/events?'],
    ['/v1/evnts/a%2Fb', 'did you mean /v1/events/a%2Fb?'],
    ['/v1/events/%zz', 'percent-encode its characters as UTF-8, and "%" as "%25"'],
    ['/V1/Status', 'did you mean /v1/status?'],
    ['/healthz', 'GET /openapi.json lists all endpoints'],
    ['/livez//', 'did you mean /livez?'],
  ])('do not replace the problem of %s, which does not exist: %s', async (path, advice) => {
    const response = await handle({ console: FILES }).send(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      code: 'VIGILANT_NOT_FOUND',
      detail: `path: "${path}" does not exist; ${advice}`,
      violations: [{ field: 'path', code: 'unknown_value' }],
    });
  });

  it('answer a very long path with 404', async () => {
    const response = await handle({ console: FILES }).send(`/v1/events${'s'.repeat(60_000)}`);
    expect(response.status).toBe(404);
    expect((await response.text()).length).toBeLessThan(1_500);
  });

  it.each([
    ['/overview/?q=a%20b', '/overview?q=a%20b'],
    ['/livez/', '/livez'],
    ['/v1/events/?limit=1', '/v1/events?limit=1'],
    ['/v1/events/some.id/', '/v1/events/some.id'],
    ['/index.html?q=a', '/?q=a'],
  ])('redirect %s to %s', async (path, location) => {
    for (const [base, basePath] of [
      ['', '/'],
      ['/ops', '/ops'],
    ] as const) {
      const { send } = handle({ console: FILES, basePath });
      for (const method of ['GET', 'HEAD']) {
        const response = await send(`${base}${path}`, { method });
        expect(response.status).toBe(308);
        expect(response.headers.get('location')).toBe(`${base}${location}`);
      }
    }
  });

  it('do not redirect a POST, which a client could take for a success', async () => {
    const response = await handle({ console: FILES }).post('/v1/events/', { message: 'm' });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      detail: 'path: "/v1/events/" does not exist; did you mean /v1/events?',
    });
  });

  it.each(['//example.com/', '//example.com', '/.%2f/example.com/'])('never redirect %s', async (path) => {
    const response = await handle({ console: FILES }).send(path);
    expect(response.status).toBe(404);
  });

  it('are read only', async () => {
    const response = await handle({ console: FILES }).send('/', { method: 'POST' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    const head = await handle({ console: FILES }).send('/', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
  });
});

describe('the base path', () => {
  it.each([['/ops/events'], ['/ops/events/'], ['/a%20b'], ["/it's&more"]])('may be %s', async (basePath) => {
    const { send } = handle({ console: FILES, basePath });
    const base = basePath.replace(/\/?$/, '/');
    expect((await send(`${base}v1/events`)).status).toBe(200);
    const page = await (await send(`${base}overview`)).text();
    expect(page).toBe(`<head><base href="${base.replace('&', '&amp;')}"></head>`);
    const redirect = await send(`${base.slice(0, -1)}?a=1`);
    expect(redirect.status).toBe(308);
    expect(redirect.headers.get('location')).toBe(`${base}?a=1`);
  });

  it('separates the handler from other paths', async () => {
    const { send } = handle({ console: FILES, basePath: '/ops' });
    for (const path of ['/', '/opsv1/events', '/v1/events', '/other'])
      expect((await send(path)).status).toBe(404);
  });

  it('follows the path of a mount', async () => {
    const { handler } = handle({ console: FILES, basePath: '/events' });
    const info = { mountPath: '/app' };
    const response = await handler.fetch(new Request('http://localhost/app/events/live'), info);
    expect(await response.text()).toContain('<base href="/app/events/">');
    expect(handler.handles('/app/events', info)).toBe(true);
    expect(handler.handles('/app/eventsx', info)).toBe(false);
    expect(handler.handles('/events', info)).toBe(false);
  });
});
