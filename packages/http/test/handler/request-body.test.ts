import { createManualClock } from '@vigilant/core';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { handle } from '../support/serve';
import type { TestHandler } from '../support/serve';

const KIB = 1024;
const MIB = 1024 * KIB;
const JSON_TYPE = { 'content-type': 'application/json' };
const GZIP = { ...JSON_TYPE, 'content-encoding': 'gzip' };

/** Returns JSON of an event whose size is given in bytes. */
const eventOf = (bytes: number): string => {
  const empty = '{"message":"m","data":{"pad":[]}}';
  return `${empty.slice(0, -3)}${' '.repeat(bytes - empty.length)}]}}`;
};

const post = (
  { send }: TestHandler,
  body: NonNullable<RequestInit['body']>,
  headers: Readonly<Record<string, string>> = JSON_TYPE,
): Promise<Response> => send('/v1/events', { method: 'POST', headers, body, duplex: 'half' } as RequestInit);

/** A body that sends some text and then nothing, until it is cancelled. */
function stalling(text: string): { readonly body: ReadableStream<Uint8Array>; isCancelled: () => boolean } {
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
    cancel: () => void (isCancelled = true),
  });
  return { body, isCancelled: () => isCancelled };
}

describe('a request body', () => {
  it('may be compressed with gzip', async () => {
    const http = handle();
    const response = await post(http, gzipSync('{"id":"a","message":"m"}'), GZIP);
    expect(await response.json()).toEqual({ id: 'a' });
  });

  it.each([
    ['text', Buffer.from('this is not gzip')],
    ['nothing', Buffer.alloc(0)],
    ['a part', gzipSync(eventOf(10_000)).subarray(0, 40)],
    ['gzip and garbage', Buffer.concat([gzipSync('{"message":"m"}'), Buffer.from('garbage')])],
  ])('is rejected if it is %s in place of gzip', async (_, bytes) => {
    const http = handle();
    const response = await post(http, bytes, GZIP);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'VIGILANT_QUERY_INVALID',
      violations: [{ field: 'body', code: 'malformed', reason: 'is not valid gzip' }],
    });
    expect((await http.vigilant.status()).intake.accepted).toBe(0);
  });

  it('is rejected with 415 and the supported encoding if it has another one', async () => {
    const response = await post(handle(), '{}', { ...JSON_TYPE, 'content-encoding': 'br' });
    expect(response.status).toBe(415);
    expect(response.headers.get('accept-encoding')).toBe('gzip');
  });

  it('is limited to maxBodyBytes', async () => {
    const http = handle({ maxBodyBytes: 10_000 });
    expect((await post(http, eventOf(10_000))).status).toBe(200);
    const response = await post(http, eventOf(10_001));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      code: 'VIGILANT_QUERY_INVALID',
      retryable: false,
      violations: [{ field: 'body', code: 'too_large', limit: 10_000 }],
    });
  });

  it('is limited to maxBodyBytes after decompression', async () => {
    const http = handle({ maxBodyBytes: 10_000 });
    expect((await post(http, gzipSync(eventOf(10_000)), GZIP)).status).toBe(200);
    expect((await post(http, gzipSync(eventOf(10_001)), GZIP)).status).toBe(413);
  });

  it('occupies little memory if it expands to 100 MiB', async () => {
    const http = handle();
    const bomb = gzipSync(Buffer.alloc(100 * MIB));
    const before = process.memoryUsage().arrayBuffers;
    const responses = await Promise.all(Array.from({ length: 20 }, () => post(http, bomb, GZIP)));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([413, 429]));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * MIB);
    // All of it is released.
    expect((await post(http, eventOf(1_000))).status).toBe(200);
  });

  it('is rejected with Retry-After when the bodies of all requests exceed maxRequestsBytes', async () => {
    const http = handle({ maxRequestsBytes: 100 * KIB });
    const first = stalling('a'.repeat(60 * KIB));
    const second = stalling('a'.repeat(60 * KIB));
    const oldest = post(http, first.body);
    const newest = post(http, second.body);
    // The request that has been incomplete longest is rejected.
    const response = await oldest;
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ code: 'VIGILANT_BROKER_FULL', retryable: true });
    expect(first.isCancelled()).toBe(true);
    expect((await post(http, eventOf(30 * KIB))).status).toBe(200);
    await http.handler.close({ graceMs: 0 });
    expect((await newest).status).toBe(503);
  });

  it('is rejected with 408 if it stalls', async () => {
    const clock = createManualClock();
    const http = handle({ clock, bodyTimeoutMs: 1_000 });
    const { body, isCancelled } = stalling('{');
    const answer = post(http, body);
    await clock.advance(900);
    expect(isCancelled()).toBe(false);
    await clock.advance(200);
    const response = await answer;
    expect(response.status).toBe(408);
    expect(await response.json()).toMatchObject({ retryable: true, violations: [{ code: 'stalled' }] });
    expect(isCancelled()).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is rejected with 408 if it stalls within gzip', async () => {
    const clock = createManualClock();
    const http = handle({ clock, bodyTimeoutMs: 1_000 });
    const half = gzipSync(eventOf(10_000)).subarray(0, 20);
    const body = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(half) });
    const answer = post(http, body, GZIP);
    await clock.advance(1_100);
    expect((await answer).status).toBe(408);
  });

  it('is not accepted if it fails', async () => {
    const http = handle();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.error(new Error('The client closed the connection.')),
    });
    const response = await post(http, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ violations: [{ field: 'body', code: 'incomplete' }] });
    expect((await http.vigilant.status()).intake.accepted).toBe(0);
  });

  it.each([
    ['an incomplete object', '{"message":"m"', 'malformed'],
    ['two values', '{"message":"m"}{"message":"m"}', 'malformed'],
    ['an unquoted key', '{message:"m"}', 'malformed'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'malformed'],
    ['nothing', '', 'required'],
    ['white space', ' \n', 'required'],
  ])('is rejected if it is %s', async (_, body, code) => {
    const response = await post(handle(), body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'VIGILANT_QUERY_INVALID',
      violations: [{ field: 'body', code }],
    });
  });
});
