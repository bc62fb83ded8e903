import { describe, expect, it } from 'vitest';
import { createApiClient } from '../../src/app/api/client';
import { ApiError } from '../../src/app/api/problem';
import { dueNow, parseCount } from '../../src/app/send/repeat';
import { Sender } from '../../src/app/send/sender.svelte';
import { violationText, violationsByField } from '../../src/app/send/violations';

/** Creates a sender whose clock moves only while it waits. */
function createSender(respond: (body: string, count: number) => Response) {
  const bodies: string[] = [];
  let now = 0;
  const fetch = (async (url: URL, init: RequestInit) => {
    if (init.method !== 'POST')
      return Response.json({
        events: url.searchParams.get('filter') === 'id:stored' && now > 1_500 ? [{}] : [],
      });
    return respond(String(init.body), bodies.push(String(init.body)));
  }) as typeof globalThis.fetch;
  const sender = new Sender({
    client: createApiClient({ base: 'http://127.0.0.1/', fetch }),
    now: () => now,
    wait: (ms) => ((now += ms), Promise.resolve()),
  });
  return { sender, bodies, now: () => now };
}

const many = (body: string) =>
  Response.json({ results: (JSON.parse(body) as unknown[]).map((_, index) => ({ id: `e${index}` })) });

describe('Sender', () => {
  it('sends the text as it is and finds out when the event is stored', async () => {
    const { sender, bodies } = createSender(() => Response.json({ id: 'stored' }));
    await sender.send('{"data":{"n":12345678901234567890}}', 'title', { count: 1, perSecond: 1 });
    expect(sender.sent[0]).toMatchObject({ id: 'stored', state: 'accepted', acceptedMs: 0 });
    expect(bodies).toEqual(['{"data":{"n":12345678901234567890}}']);
    await expect.poll(() => sender.sent[0]).toMatchObject({ state: 'stored', storedMs: 2_000 });
  });

  it('repeats at the rate', async () => {
    const { sender, bodies, now } = createSender(many);
    await sender.send('{}', 'title', { count: 100, perSecond: 20 });
    expect(bodies.reduce((sum, body) => sum + (JSON.parse(body) as unknown[]).length, 0)).toBe(100);
    expect(now()).toBe(4_950);
    expect(sender.sent[0]).toMatchObject({ accepted: 100, state: 'accepted' });
  });

  it('counts only the events that the server accepted', async () => {
    const { sender } = createSender(() =>
      Response.json({
        accepted: 1,
        results: [{ id: 'e0' }, { error: { code: 'VIGILANT_BROKER_FULL', message: 'The broker is full.' } }],
      }),
    );
    const sending = sender.send('{}', 'title', { count: 2, perSecond: 1_000 });
    await expect(sending).rejects.toThrow('The broker is full.');
    expect(sender.sent[0]).toMatchObject({ accepted: 1, id: 'e0', state: 'failed' });
  });

  it('stops on request', async () => {
    const { sender } = createSender((body, count) => {
      if (count === 3) sender.stop(0);
      return many(body);
    });
    await sender.send('{}', 'title', { count: 100, perSecond: 20 });
    expect(sender.sent[0]).toMatchObject({ accepted: 3, state: 'stopped' });
  });

  it('keeps the error of the server', async () => {
    const { sender } = createSender(() => Response.json({ detail: 'No.', code: 'X' }, { status: 400 }));
    await expect(sender.send('{}', 'title', { count: 1, perSecond: 1 })).rejects.toThrow('No.');
    expect(sender.sent[0]).toMatchObject({ state: 'failed', accepted: 0 });
  });
});

describe('dueNow', () => {
  it('starts with one event and never exceeds the number', () => {
    const repeat = { count: 5, perSecond: 2 };
    expect([0, 499, 500, 2_000, 9_000].map((ms) => dueNow(repeat, 0, ms))).toEqual([1, 1, 2, 5, 5]);
    expect(dueNow(repeat, 5, 9_000)).toBe(0);
  });

  it('limits one request', () => {
    expect(dueNow({ count: 100_000, perSecond: 5_000 }, 0, 60_000)).toBe(1_000);
  });
});

describe('parseCount', () => {
  it.each(['', '0', '-1', '1.5', 'x', '11'])('rejects %j', (text) => {
    expect(parseCount(text, 10)).toBeUndefined();
  });

  it('accepts whole numbers', () => {
    expect(parseCount(' 10 ', 10)).toBe(10);
  });
});

describe('violationsByField', () => {
  it('assigns violations to the fields of the form', () => {
    const violation = (field: string) => ({ field, code: 'c', reason: 'is wrong' });
    const violations = ['tags[2]', 'data.a', 'events[0].source', 'id', ''].map(violation);
    const found = violationsByField(new ApiError('No.', { violations }));
    expect([...found].map(([field, list]) => [field, list.map(violationText)])).toEqual([
      ['tags', ['tags[2] is wrong']],
      ['data', ['data.a is wrong']],
      ['source', ['events[0].source is wrong']],
      ['', ['id is wrong', 'is wrong']],
    ]);
  });
});
