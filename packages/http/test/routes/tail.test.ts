import type { TailItem, Vigilant } from '@vigilant/core';
import { createManualClock } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { event } from '../../../core/test/support';
import { atEnd, createEngine, handle } from '../support/serve';

/** One message of a stream. */
interface Message {
  readonly event?: string;
  readonly id?: string;
  readonly data?: unknown;
  readonly comment?: string;
  readonly retry?: string;
}

/** Reads the messages of a stream of server-sent events. */
async function* readStream(response: Response): AsyncGenerator<Message> {
  const reader = response.body?.pipeThrough(new TextDecoderStream() as never).getReader();
  atEnd(async () => reader?.cancel().catch(() => {}));
  let text = '';
  for (;;) {
    const { value, done = true } = (await reader?.read()) ?? {};
    if (done) return;
    text += value as unknown as string;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) yield parse(block);
  }
}

function parse(block: string): Message {
  const message: Record<string, unknown> = {};
  for (const line of block.split('\n')) {
    const [, name, value] = /^(\w*): ?(.*)$/.exec(line) ?? [];
    message[name === '' ? 'comment' : String(name)] = name === 'data' ? JSON.parse(String(value)) : value;
  }
  return message;
}

/** Opens a tail and returns a function that returns its next message with an event name. */
async function open(
  http: ReturnType<typeof handle>,
  path = '/v1/tail',
  headers: Readonly<Record<string, string>> = {},
): Promise<{
  readonly response: Response;
  next(): Promise<Message | undefined>;
  readonly all: AsyncGenerator<Message>;
}> {
  const response = await http.send(path, { headers });
  const all = readStream(response);
  const next = async (): Promise<Message | undefined> => {
    for (;;) {
      const { value, done } = await all.next();
      if (done === true) return undefined;
      if (value.event !== undefined && value.event !== 'checkpoint') return value;
    }
  };
  return { response, next, all };
}

const EVENT = event({ id: 'a', message: 'm' });

/** An engine whose tails return given items, then end or wait. */
function engineWithTail(items: () => AsyncGenerator<TailItem>): Vigilant {
  const vigilant = createEngine();
  return { ...vigilant, tail: () => items() as AsyncIterableIterator<TailItem> };
}

describe('GET /v1/tail', () => {
  it('has headers that keep proxies from buffering it', async () => {
    const { response } = await open(handle());
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
  });

  it('begins with a comment and a checkpoint', async () => {
    const { all } = await open(handle());
    expect((await all.next()).value).toEqual({ retry: '2000', comment: 'open' });
    expect((await all.next()).value).toEqual({ event: 'checkpoint', id: expect.any(String), data: {} });
  });

  it('sends matching events with their cursor', async () => {
    const http = handle();
    const { all, next } = await open(http, '/v1/tail?filter=source:shop');
    await all.next();
    await all.next();
    await http.vigilant.log({ id: 'other', message: 'm' });
    await http.vigilant.log({ id: 'a', message: 'line\nbreak', source: 'shop' });
    expect(await next()).toMatchObject({
      event: 'event',
      id: expect.any(String),
      data: { id: 'a', message: 'line\nbreak', timestamp: expect.stringMatching(/Z$/) },
    });
  });

  it('misses no event that is logged once the response has begun', async () => {
    for (let round = 0; round < 20; round += 1) {
      const http = handle();
      const { next } = await open(http);
      await http.vigilant.log({ id: 'a', message: 'm' });
      await http.vigilant.flush();
      expect(await next()).toMatchObject({ data: { id: 'a' } });
    }
  });

  it('continues after a cursor of a query without missing an event', async () => {
    const http = handle();
    const { tailCursor } = await http.vigilant.query();
    await http.vigilant.log({ id: 'a', message: 'm' });
    const { next } = await open(http, `/v1/tail?cursor=${tailCursor}`);
    expect(await next()).toMatchObject({ data: { id: 'a' } });
  });

  it('continues after Last-Event-ID, which takes precedence over the cursor', async () => {
    const http = handle();
    const { tailCursor: before } = await http.vigilant.query();
    await http.vigilant.log({ id: 'a', message: 'm' });
    await http.vigilant.flush();
    const { tailCursor: after } = await http.vigilant.query();
    const { next } = await open(http, `/v1/tail?cursor=${before}`, { 'last-event-id': after });
    await http.vigilant.log({ id: 'b', message: 'm' });
    expect(await next()).toMatchObject({ data: { id: 'b' } });
  });

  it('encodes an event once for all tails', async () => {
    let encodings = 0;
    const event = {
      ...EVENT,
      get message() {
        encodings += 1;
        return 'shared';
      },
    };
    const vigilant = engineWithTail(async function* () {
      yield { type: 'event', event, cursor: 'c' };
    });
    const http = handle({}, vigilant);
    for (let tail = 0; tail < 3; tail += 1) {
      const { next } = await open(http);
      expect(await next()).toMatchObject({ id: 'c', data: { id: EVENT.id, message: 'shared' } });
    }
    expect(encodings).toBe(1);
  });

  it('divides a burst for many tails over turns of the event loop', async () => {
    const http = handle();
    const tails = 20;
    const message = 'm'.repeat(32 * 1024);
    const readers = await Promise.all(Array.from({ length: tails }, () => open(http)));
    await http.vigilant.logBatch(Array.from({ length: 20 }, () => ({ message })));
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    const read = async ({ next }: { next(): Promise<unknown> }): Promise<void> => {
      for (let event = 0; event < 20; event += 1) await next();
    };
    await Promise.all(readers.map(read));
    isDone = true;
    // 400 messages of 32 KiB are 100 slices of 128 KiB.
    expect(turns).toBeGreaterThan(50);
  });

  it('reports missed events', async () => {
    const vigilant = engineWithTail(async function* () {
      yield { type: 'gap', reason: 'slow', missed: 3, cursor: 'c1' };
      yield { type: 'gap', reason: 'pruned', cursor: 'c2' };
    });
    const { next } = await open(handle({}, vigilant));
    expect(await next()).toEqual({ event: 'gap', id: 'c1', data: { reason: 'slow', missed: 3 } });
    expect(await next()).toEqual({ event: 'gap', id: 'c2', data: { reason: 'pruned' } });
  });

  it.each([
    ['filter=sorce:a', 'VIGILANT_FILTER_INVALID'],
    ['cursor=nonsense', 'VIGILANT_CURSOR_INVALID'],
    ['filter=sorce:a&cursor=nonsense', 'VIGILANT_FILTER_INVALID'],
    ['limit=1', 'VIGILANT_QUERY_INVALID'],
  ])('rejects ?%s with %s before it begins', async (query, code) => {
    const response = await handle().send(`/v1/tail?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code });
  });

  it('ends with a problem when it fails, which is reported', async () => {
    const reports: string[] = [];
    const vigilant = engineWithTail(async function* () {
      yield { type: 'gap', reason: 'slow', cursor: 'c' };
      throw new Error('secret');
    });
    const { next } = await open(handle({ onDiagnostic: ({ code }) => reports.push(code) }, vigilant));
    await next();
    const problem = await next();
    expect(problem).toMatchObject({ event: 'problem', data: { code: 'VIGILANT_INTERNAL', status: 500 } });
    expect(JSON.stringify(problem)).not.toContain('secret');
    expect(await next()).toBeUndefined();
    expect(reports).toEqual(['request-failed']);
  });

  it('ends with a retryable problem when the handler closes', async () => {
    const http = handle();
    const { all, next } = await open(http);
    await all.next();
    await http.handler.close();
    expect(await next()).toMatchObject({
      event: 'problem',
      data: { code: 'VIGILANT_CLOSED', status: 503, retryable: true },
    });
    expect(await next()).toBeUndefined();
    expect((await http.vigilant.status()).tails).toBe(0);
    expect((await http.send('/v1/tail')).status).toBe(503);
  });

  it('sends a comment after 15 seconds without a message', async () => {
    const clock = createManualClock();
    const vigilant = engineWithTail(async function* () {
      await new Promise(() => {});
      yield { type: 'checkpoint', cursor: 'never' };
    });
    const { all } = await open(handle({ clock }, vigilant));
    await all.next();
    await all.next();
    const comment = all.next();
    await clock.advance(15_000);
    expect((await comment).value).toEqual({ comment: '' });
  });

  it('requests no further items while the client does not read, and sends no further comments', async () => {
    const clock = createManualClock();
    let requested = 0;
    const vigilant = engineWithTail(async function* () {
      for (;;) {
        requested += 1;
        yield { type: 'checkpoint', cursor: String(requested) };
      }
    });
    const response = await handle({ clock }, vigilant).send('/v1/tail');
    for (let minute = 0; minute < 100; minute += 1) await clock.advance(60_000);
    expect(requested).toBeLessThan(5);
    const reader = response.body?.getReader();
    let text = '';
    for (let read = 0; read < 4; read += 1)
      text += Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(text.match(/^: $/gm)?.length ?? 0).toBeLessThanOrEqual(1);
    await reader?.cancel();
  });

  it('leaves nothing behind when the client cancels', async () => {
    const clock = createManualClock();
    const http = handle({ clock });
    for (let round = 0; round < 20; round += 1) {
      const response = await http.send('/v1/tail');
      await response.body?.cancel();
    }
    await expect.poll(async () => (await http.vigilant.status()).tails).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is limited to maxTails', async () => {
    const http = handle({ maxTails: 2 });
    await open(http);
    const { response } = await open(http);
    const rejected = await http.send('/v1/tail');
    expect(rejected.status).toBe(429);
    expect(rejected.headers.get('retry-after')).toBe('5');
    expect(await rejected.json()).toMatchObject({ code: 'VIGILANT_LIMIT_REACHED', retryable: true });
    expect(response.status).toBe(200);
  });
});
