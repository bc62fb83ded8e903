import { createHttpHandler } from '@vigilant/http';
import { describe, expect, it } from 'vitest';
import { createEngine, handle } from '../support/serve';

describe('createHttpHandler', () => {
  it('requires authorize', () => {
    expect(() => createHttpHandler(createEngine(), {} as never)).toThrow(
      "createHttpHandler.authorize is required: a function that decides who may log and read, or 'none' to allow everyone.",
    );
  });

  it.each([
    ['authorize', 'all'],
    ['basePath', 'ops'],
    ['basePath', '//evil.example'],
    ['basePath', '/a b'],
    ['basePath', '/a"b'],
    ['basePath', '/a?b'],
    ['console', {}],
    ['allowedHosts', 'localhost'],
    ['allowedHosts', ['http://a.example']],
    ['allowedOrigins', ['*']],
    ['allowedOrigins', ['https://a.example/']],
    ['maxBodyBytes', 0],
    ['maxRequestsBytes', -1],
    ['bodyTimeoutMs', 0],
    ['maxTails', 1.5],
    ['onDiagnostic', 5],
    ['clock', {}],
  ])('rejects %s: %j and names the option', (name, value) => {
    const options = { authorize: 'none', [name]: value } as never;
    expect(() => createHttpHandler(createEngine(), options)).toThrow(
      expect.objectContaining({
        code: 'VIGILANT_OPTIONS_INVALID',
        message: expect.stringMatching(new RegExp(`^createHttpHandler\\.${name} must be `)),
      }),
    );
  });

  it('names the option that was likely meant', () => {
    expect(() => createHttpHandler(createEngine(), { autorize: 'none' } as never)).toThrow(
      'Unknown option "autorize" of createHttpHandler(). Did you mean "authorize"?',
    );
  });

  it('rejects anything but an engine', () => {
    expect(() => createHttpHandler({} as never, { authorize: 'none' })).toThrow('must be an engine');
  });
});

describe('a request to an endpoint', () => {
  it('is answered with 405 and the allowed methods if it has another method', async () => {
    const { send } = handle();
    for (const [path, method, allow] of [
      ['/v1/events', 'DELETE', 'POST, GET, HEAD, OPTIONS'],
      ['/v1/events/a', 'PUT', 'GET, HEAD, OPTIONS'],
      ['/v1/views/a', 'GET', 'PUT, DELETE, OPTIONS'],
    ] as const) {
      const response = await send(path, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe(allow);
    }
  });

  it('is answered with the headers of GET and no body if it is HEAD', async () => {
    const { send, vigilant } = handle();
    for (const path of ['/v1/events', '/v1/status', '/v1/export', '/v1/tail']) {
      const [head, full] = [await send(path, { method: 'HEAD' }), await send(path)];
      expect(head.status, path).toBe(200);
      expect(head.body, path).toBeNull();
      expect(head.headers.get('content-type')).toBe(full.headers.get('content-type'));
      await full.body?.cancel();
    }
    expect((await vigilant.status()).tails).toBe(0);
  });

  it('is answered with the allowed methods if it is OPTIONS', async () => {
    const response = await handle().send('/v1/events', { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('allow')).toBe('POST, GET, HEAD, OPTIONS');
  });

  it('is answered with headers that forbid caching and sniffing', async () => {
    const { headers } = await handle().send('/v1/events');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  });
});
