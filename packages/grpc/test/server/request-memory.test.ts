import { status as Status } from '@grpc/grpc-js';
import { once } from 'node:events';
import type { Settings } from 'node:http2';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { codecOf } from '../../src/wire/schema';
import { connectHttp2, frame, openCall } from '../support/http2-client';
import { serve } from '../support/serve';

const LOG = '/vigilant.v1.EventService/LogEvents';
const MIB = 1024 * 1024;
const GZIP = { 'grpc-encoding': 'gzip' };

const BATCH = codecOf<object>('vigilant.v1.LogEventsRequest').encode({
  events: Array.from({ length: 100 }, () => ({ message: 'm'.repeat(10_000) })),
});

/** Returns the maximum memory of this process's buffers while something runs. */
async function peakBufferBytes(work: () => Promise<unknown>): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().arrayBuffers)), 5);
  await work().finally(() => clearInterval(timer));
  return peak;
}

describe('a server with compressed requests', () => {
  it.each([
    ['gzip', gzipSync(BATCH)],
    ['deflate', deflateSync(BATCH)],
  ])('accepts a batch in %s', async (encoding, bytes) => {
    const { server, vigilant } = await serve();
    const headers = { 'grpc-encoding': encoding };
    const { outcome } = openCall(connectHttp2(server.address), LOG, headers, frame(bytes, true));
    expect(await outcome).toMatchObject({ code: Status.OK });
    expect((await vigilant.status()).intake.accepted).toBe(100);
  });

  it('bounds the decompressed bytes across all calls, and rejects further calls with RetryInfo', async () => {
    const { server } = await serve();
    const session = connectHttp2(server.address);
    const body = frame(gzipSync(Buffer.alloc(100 * MIB)), true);
    const before = process.memoryUsage().arrayBuffers;
    const outcomes: { readonly code: number; readonly details: readonly string[] }[] = [];
    const peak = await peakBufferBytes(async () => {
      const calls = Array.from({ length: 60 }, () => openCall(session, LOG, GZIP, body).outcome);
      outcomes.push(...(await Promise.all(calls)));
    });
    expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set([Status.RESOURCE_EXHAUSTED]));
    expect(outcomes.some(({ details }) => details.includes('google.rpc.RetryInfo'))).toBe(true);
    expect(peak - before).toBeLessThan(200 * MIB);
  });

  it('accepts requests again after it rejected some', async () => {
    const { server } = await serve();
    const session = connectHttp2(server.address);
    const bomb = frame(gzipSync(Buffer.alloc(100 * MIB)), true);
    await Promise.all(Array.from({ length: 20 }, () => openCall(session, LOG, GZIP, bomb).outcome));
    const good = frame(gzipSync(BATCH), true);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => openCall(session, LOG, GZIP, good).outcome),
    );
    expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set([Status.OK]));
  });

  it('rejects a damaged body with INVALID_ARGUMENT', async () => {
    const { server } = await serve();
    const body = frame(Buffer.from('this is not gzip'), true);
    const { outcome } = openCall(connectHttp2(server.address), LOG, GZIP, body);
    expect(await outcome).toMatchObject({ code: Status.INVALID_ARGUMENT });
  });

  it('rejects an unknown encoding', async () => {
    const { server } = await serve();
    const headers = { 'grpc-encoding': 'br' };
    const { outcome } = openCall(connectHttp2(server.address), LOG, headers, frame(BATCH, true));
    expect(await outcome).toMatchObject({ code: Status.UNIMPLEMENTED });
  });
});

describe('a server with incomplete requests', () => {
  it('bounds the bytes of all calls together', async () => {
    const { server } = await serve();
    const part = frame(Buffer.alloc(15 * MIB), false).subarray(0, 14 * MIB);
    const session = connectHttp2(server.address);
    const codes: number[] = [];
    for (let call = 0; call < 20; call += 1) {
      const { stream, outcome } = openCall(session, LOG, {});
      void outcome.then(({ code }) => codes.push(code));
      stream.write(part);
    }
    // Four of these parts fit into 64 MiB.
    await expect.poll(() => codes.length, { timeout: 25_000 }).toBeGreaterThanOrEqual(16);
    expect(new Set(codes)).toEqual(new Set([Status.RESOURCE_EXHAUSTED]));
  });
});

describe('a server whose clients stall', () => {
  it('rejects the requests that have been incomplete longest, and serves other clients', async () => {
    const { server } = await serve();
    const part = frame(Buffer.alloc(15 * MIB), false).subarray(0, 14 * MIB);
    const stalling = Array.from({ length: 4 }, () => openCall(connectHttp2(server.address), LOG, {}));
    for (const { stream } of stalling) await new Promise((resolve) => stream.write(part, resolve));
    let oldest: number | undefined;
    void stalling[0]?.outcome.then(({ code }) => (oldest = code));
    const events = Array.from({ length: 150 }, () => ({ message: 'm'.repeat(60_000) }));
    const body = frame(codecOf<object>('vigilant.v1.LogEventsRequest').encode({ events }), false);
    const session = connectHttp2(server.address);
    // The parts of the stalling clients may still be on their way.
    while (oldest === undefined)
      expect(await openCall(session, LOG, {}, body).outcome).toMatchObject({ code: Status.OK });
    expect(oldest).toBe(Status.RESOURCE_EXHAUSTED);
  });
});

describe('a connection', () => {
  it('allows maxConcurrentStreams concurrent calls, by default 250', async () => {
    for (const [options, expected] of [
      [{}, 250],
      [{ maxConcurrentStreams: 3 }, 3],
    ] as const) {
      const { server } = await serve({ server: options });
      const session = connectHttp2(server.address);
      const [settings] = (await once(session, 'remoteSettings')) as [Settings];
      expect(settings.maxConcurrentStreams).toBe(expected);
    }
  });
});
