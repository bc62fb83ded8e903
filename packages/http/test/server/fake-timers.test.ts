import { createVigilant } from '@vigilant/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { serveHttp } from '../../src/index';

afterEach(() => void vi.useRealTimers());

describe('serveHttp() under fake timers', () => {
  it('accepts and returns events, and closes', async () => {
    vi.useFakeTimers();
    const vigilant = createVigilant();
    const server = await serveHttp(vigilant, { port: 0 });
    const events = `${server.url}v1/events`;
    const headers = { 'content-type': 'application/json' };
    const accepted = await fetch(events, { method: 'POST', headers, body: '{"message":"first"}' });
    expect(accepted.status).toBe(200);
    expect(await (await fetch(events)).json()).toMatchObject({ events: [{ message: 'first' }] });
    await server.close();
    await vigilant.close();
  });
});
