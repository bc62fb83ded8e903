import { status as Status } from '@grpc/grpc-js';
import { createMemoryBroker, createMemoryDocuments, createMemoryStore } from '@vigilant/core';
import type { Broker, ConsumeOptions } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import type {
  GetDeadLetterResponse,
  GetStatusResponse,
  ListDeadLettersResponse,
  ReplayDeadLetterResponse,
} from '../../src/generated/vigilant-v1';
import {
  DeadLetter_Reason as Reason,
  GetStatusResponse_State as State,
  Retention_State as RetentionState,
} from '../../src/generated/vigilant-v1';
import { override } from '../support/override';
import { createRawClient, failureOf } from '../support/raw-client';
import { serve } from '../support/serve';

const path = (method: string): string => `/vigilant.v1.AdminService/${method}`;

/** A server with one dead letter for each id: the second event of two that share the id. */
async function serveConflicts(ids: readonly string[]) {
  const { server, vigilant } = await serve();
  await vigilant.logBatch(ids.map((id) => ({ id, message: 'first' })));
  await vigilant.flush();
  await vigilant.logBatch(ids.map((id) => ({ id, message: 'second', data: { n: 1 } })));
  await vigilant.flush();
  return { vigilant, client: createRawClient(server.address) };
}

/** A broker that delivers one record that is not an event. */
function createMalformedBroker(bytes: Uint8Array): Broker {
  const broker = createMemoryBroker();
  return override(broker, {
    async *consume(options: ConsumeOptions) {
      const delivery = {
        events: [],
        malformed: [{ bytes, position: 'events/0/1', reason: 'It is not JSON.' }],
        flush: true,
        signal: options.signal,
      };
      yield { ...delivery, ack: async () => {} };
      yield* broker.consume(options);
    },
  });
}

describe('AdminService', () => {
  it('lists the dead letters of conflicting ids', async () => {
    const { client } = await serveConflicts(['a']);
    const { deadLetters = [], nextPageToken } = await client.call<ListDeadLettersResponse>(
      path('ListDeadLetters'),
      {},
    );
    expect(deadLetters).toMatchObject([
      { id: 'a', reason: Reason.REASON_ID_CONFLICT, key: expect.stringMatching(/./) },
    ]);
    expect(Number(deadLetters[0]?.count)).toBe(1);
    const seconds = Number(deadLetters[0]?.firstTime?.seconds);
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(60);
    expect(nextPageToken).toBeUndefined();
  });

  it('lists events with the same conflicting id as one dead letter with a count', async () => {
    const { vigilant, client } = await serveConflicts(['a']);
    await vigilant.log({ id: 'a', message: 'third' });
    await vigilant.flush();
    const { deadLetters = [] } = await client.call<ListDeadLettersResponse>(path('ListDeadLetters'), {});
    expect(deadLetters.map(({ count }) => Number(count))).toEqual([2]);
  });

  it('lists dead letters page by page', async () => {
    const { client } = await serveConflicts(['a', 'b', 'c', 'd', 'e']);
    const found: (string | undefined)[] = [];
    let pageToken = '';
    do {
      const page: ListDeadLettersResponse = await client.call(path('ListDeadLetters'), {
        pageSize: 2,
        pageToken,
      });
      found.push(...(page.deadLetters ?? []).map(({ id }) => id));
      pageToken = page.nextPageToken ?? '';
    } while (pageToken !== '');
    expect(found.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('rejects a damaged page token', async () => {
    const { client } = await serveConflicts(['a', 'b']);
    const { nextPageToken = '' } = await client.call<ListDeadLettersResponse>(path('ListDeadLetters'), {
      pageSize: 1,
    });
    const damaged = { pageToken: nextPageToken.slice(1) };
    expect(await failureOf(client.call(path('ListDeadLetters'), damaged))).toMatchObject({
      code: Status.INVALID_ARGUMENT,
      error: { code: 'VIGILANT_CURSOR_INVALID' },
    });
  });

  it('returns a dead letter with its event', async () => {
    const { vigilant, client } = await serveConflicts(['a']);
    const key = (await vigilant.deadLetters.list()).letters[0]?.key;
    const { deadLetter, event, record } = await client.call<GetDeadLetterResponse>(path('GetDeadLetter'), {
      key,
    });
    expect(deadLetter).toMatchObject({ key, id: 'a' });
    expect(event).toMatchObject({ id: 'a', message: 'second', data: { fields: { n: { numberValue: 1 } } } });
    expect(record).toBeUndefined();
  });

  it('returns the bytes of a record that is not an event', async () => {
    const bytes = Buffer.from('not an event');
    const { server, vigilant } = await serve({ engine: { broker: createMalformedBroker(bytes) } });
    await vigilant.flush();
    const client = createRawClient(server.address);
    const { deadLetters = [] } = await client.call<ListDeadLettersResponse>(path('ListDeadLetters'), {});
    expect(deadLetters).toMatchObject([{ position: 'events/0/1', reason: Reason.REASON_MALFORMED }]);
    const key = deadLetters[0]?.key;
    const found = await client.call<GetDeadLetterResponse>(path('GetDeadLetter'), { key });
    expect(Buffer.from(found.record ?? [])).toEqual(bytes);
    const failure = await failureOf(client.call(path('ReplayDeadLetter'), { key }));
    expect(failure).toMatchObject({
      code: Status.INVALID_ARGUMENT,
      error: { code: 'VIGILANT_EVENT_INVALID' },
    });
  });

  it('replays a dead letter once its id is free', async () => {
    const documents = createMemoryDocuments();
    const first = await serve({ engine: { deadLetters: { documents } } });
    await first.vigilant.log({ id: 'a', message: 'first' });
    await first.vigilant.flush();
    await first.vigilant.log({ id: 'a', message: 'second' });
    await first.vigilant.flush();
    // A store in which the id is free.
    const { server, vigilant } = await serve({
      engine: { store: createMemoryStore(), deadLetters: { documents } },
    });
    const client = createRawClient(server.address);
    const { deadLetters = [] } = await client.call<ListDeadLettersResponse>(path('ListDeadLetters'), {});
    const { key } = deadLetters[0] ?? {};
    const { id } = await client.call<ReplayDeadLetterResponse>(path('ReplayDeadLetter'), { key });
    expect(id).toBe('a');
    expect(await vigilant.get('a')).toMatchObject({ message: 'second' });
    await vigilant.flush();
    expect((await vigilant.deadLetters.list()).letters).toEqual([]);
  });

  it('deletes a dead letter', async () => {
    const { vigilant, client } = await serveConflicts(['a']);
    const key = (await vigilant.deadLetters.list()).letters[0]?.key;
    await client.call(path('DeleteDeadLetter'), { key });
    expect((await vigilant.deadLetters.list()).letters).toEqual([]);
  });

  it('reports the state of the server and its counters', async () => {
    const { client } = await serveConflicts(['a']);
    const status = await client.call<GetStatusResponse>(path('GetStatus'), {});
    expect(status).toMatchObject({ state: State.STATE_READY, reasons: [], tails: 0 });
    const { storedEvents, accepted, written, conflicts, deadLetters } = status;
    expect([storedEvents, accepted, written, conflicts, deadLetters].map(Number)).toEqual([1, 2, 1, 1, 1]);
  });

  it('reports the oldest event and the lag', async () => {
    const { server, vigilant } = await serve();
    const client = createRawClient(server.address);
    const before = await client.call<GetStatusResponse>(path('GetStatus'), {});
    expect(before).not.toHaveProperty('oldestEventTime.seconds');
    expect(before).not.toHaveProperty('storedLag.seconds');
    await vigilant.log({ message: 'm', timestamp: '2026-01-02T03:04:05.000006Z' });
    await vigilant.flush();
    const { oldestEventTime, lag, storedLag } = await client.call<GetStatusResponse>(path('GetStatus'), {});
    expect([Number(oldestEventTime?.seconds), oldestEventTime?.nanos]).toEqual([1_767_323_045, 6_000]);
    expect(Number(lag?.seconds)).toBe(0);
    expect(Number(storedLag?.seconds)).toBeGreaterThanOrEqual(0);
  });

  it('reports the rules of retention and its state', async () => {
    const retention = { maxAge: '30d', byLevel: { DEBUG: '12h' }, maxBytes: 10_000_000 };
    const { server, vigilant } = await serve({ engine: { retention } });
    await vigilant.open();
    const status = await createRawClient(server.address).call<GetStatusResponse>(path('GetStatus'), {});
    expect(status.retention).toMatchObject({
      state: RetentionState.STATE_WAITING,
      maxAge: '30d',
      maxAgeByLevel: { DEBUG: '12h' },
    });
    expect(Number(status.retention?.maxBytes)).toBe(10_000_000);
    expect(Number(status.retention?.nextRunTime?.seconds)).toBeGreaterThan(0);
  });

  it.each(['GetDeadLetter', 'ReplayDeadLetter', 'DeleteDeadLetter'])(
    '%s reports NOT_FOUND for an unknown key',
    async (method) => {
      const { server } = await serve();
      const failure = await failureOf(createRawClient(server.address).call(path(method), { key: 'unknown' }));
      expect(failure).toMatchObject({ code: Status.NOT_FOUND, error: { code: 'VIGILANT_NOT_FOUND' } });
    },
  );

  it.each([
    ['GetDeadLetter', {}, 'key'],
    ['ReplayDeadLetter', {}, 'key'],
    ['DeleteDeadLetter', {}, 'key'],
    ['GetDeadLetter', { key: 'k', dataFormat: 9 }, 'data_format'],
    ['ListDeadLetters', { pageSize: -1 }, 'page_size'],
  ])('%s rejects %j and names the field', async (method, request, field) => {
    const { server } = await serve();
    const failure = await failureOf(createRawClient(server.address).call(path(method), request));
    expect(failure.code).toBe(Status.INVALID_ARGUMENT);
    expect(failure.error.violations).toMatchObject([{ field }]);
  });
});
