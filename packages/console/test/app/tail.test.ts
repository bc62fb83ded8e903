import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createApiClient } from '../../src/app/api/client';
import { openTail, type TailItem, type TailState } from '../../src/app/api/tail';

const BASE = 'http://127.0.0.1/';

/** Follows a tail over a list of responses, one for each connection. Ends after the last one. */
async function follow(responses: readonly (() => Response)[]) {
  const asked: (string | null)[] = [];
  const items: TailItem[] = [];
  const states: TailState[] = [];
  const waits: number[] = [];
  let finish: () => void;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const fetch = (async (_: URL, init: RequestInit) => {
    asked.push(new Headers(init.headers).get('last-event-id'));
    const respond = responses[asked.length - 1];
    if (respond === undefined) throw new TypeError('fetch failed');
    return respond();
  }) as typeof globalThis.fetch;
  const tail = openTail({
    client: createApiClient({ base: BASE, fetch }),
    filter: 'level:ERROR',
    onItem: (item) => items.push(item),
    onState: (state) => {
      states.push(state);
      if (state === 'failed' || asked.length > responses.length) finish();
    },
    wait: (ms) => (waits.push(ms), Promise.resolve()),
    random: () => 1,
  });
  await finished;
  tail.close();
  return { asked, items, states, waits, cursor: tail.cursor };
}

const stream = (text: string) => () =>
  new Response(text, { headers: { 'content-type': 'text/event-stream' } });

describe('openTail', () => {
  it('continues after the last id when the connection ends', async () => {
    const { asked, items, cursor } = await follow([
      stream('event: event\nid: a\ndata: {"id":"1"}\n\nevent: checkpoint\nid: b\ndata: {}\n\n'),
      stream('event: gap\nid: c\ndata: {"reason":"slow","missed":3}\n\n'),
    ]);
    expect(asked).toEqual([null, 'b', 'c']);
    expect(items).toEqual([
      { type: 'event', event: { id: '1' } },
      { type: 'gap', reason: 'slow', missed: 3 },
    ]);
    expect(cursor).toBe('c');
  });

  it('waits longer after each failure, and not longer after a success', async () => {
    const down = () => new Response('', { status: 503 });
    const { waits, states } = await follow([down, down, down, stream(': hello\n\n'), down]);
    expect(waits.slice(0, 5)).toEqual([250, 500, 1000, 250, 500]);
    expect(states.slice(0, 2)).toEqual(['connecting', 'reconnecting']);
  });

  it('ends when the server rejects the request', async () => {
    const invalid = () => Response.json({ code: 'VIGILANT_FILTER_INVALID', position: 3 }, { status: 400 });
    const { states, asked } = await follow([invalid]);
    expect(states.slice(0, 2)).toEqual(['connecting', 'failed']);
    expect(asked).toHaveLength(1);
  });

  it('removes its listeners after each delay', async () => {
    const added = vi.spyOn(AbortSignal.prototype, 'addEventListener');
    const removed = vi.spyOn(AbortSignal.prototype, 'removeEventListener');
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
      vi.restoreAllMocks();
    });
    let attempts = 0;
    const fetch = (() => (
      attempts++,
      Promise.reject(new TypeError('fetch failed'))
    )) as typeof globalThis.fetch;
    const tail = openTail({
      client: createApiClient({ base: BASE, fetch }),
      filter: '',
      onItem: () => {},
      onState: () => {},
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts).toBeGreaterThan(3);
    expect(added.mock.calls.length - removed.mock.calls.length).toBeLessThanOrEqual(1);
    tail.close();
  });

  it('reconnects after a retryable problem in the stream', async () => {
    const problem = stream('event: problem\ndata: {"status":503,"retryable":true}\n\n');
    const { states } = await follow([problem, stream('')]);
    expect(states).toContain('reconnecting');
    expect(states).not.toContain('failed');
  });
});
