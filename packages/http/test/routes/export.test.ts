import type { EventLines, EventQuery, Store, StoredEvent } from '@vigilant/core';
import { createMemoryStore } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { handle } from '../support/serve';

/** Parses CSV with quoted cells. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `e${index}`, message: 'm', timestamp: '2026-01-01' }));

/** Creates a store with some pages of lines. @param released - The pages after the first wait for it. */
function storeOfLines(pages: readonly string[], released?: Promise<void>) {
  const asked: EventQuery[] = [];
  const store: Store = Object.assign(createMemoryStore(), {
    queryLines: async (query: EventQuery): Promise<EventLines> => {
      asked.push(query);
      const number = query.after?.sequence ?? 0;
      if (number > 0) await released;
      const lines = pages[number] ?? '';
      return {
        chunks: [Buffer.from(lines)],
        count: lines.split('\n').length - 1,
        complete: true,
        epoch: 'epoch',
        asOf: pages.length,
        ...(number + 1 < pages.length ? { next: { timestamp: 0, sequence: number + 1 } } : {}),
      };
    },
  });
  return { store, asked };
}

describe('GET /v1/export', () => {
  it('streams all matching events over several pages', async () => {
    const { vigilant, send } = handle();
    await vigilant.logBatch(many(2_500));
    await vigilant.log({ message: 'other', level: 'DEBUG' });
    const response = await send('/v1/export?filter=level:INFO&order=arrival');
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="vigilant-events.ndjson"');
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as StoredEvent).id)).toEqual(
      many(2_500).map(({ id }) => id),
    );
  });

  it('ends after the requested number of events', async () => {
    const { vigilant, send } = handle();
    await vigilant.logBatch(many(1_100));
    expect((await (await send('/v1/export?limit=1050')).text()).trimEnd().split('\n')).toHaveLength(1_050);
  });

  it('sends the lines of a store as they are', async () => {
    const { send } = handle({}, { store: storeOfLines(['{"a":1}\n{"b":2}\n', '{"c":3}\n']).store });
    expect(await (await send('/v1/export')).text()).toBe('{"a":1}\n{"b":2}\n{"c":3}\n');
  });

  it('requests no more lines than are left', async () => {
    const { store, asked } = storeOfLines(['1\n2\n', '3\n', '4\n']);
    const { send } = handle({}, { store });
    expect(await (await send('/v1/export?limit=3')).text()).toBe('1\n2\n3\n');
    expect(asked.map(({ limit }) => limit)).toEqual([3, 1]);
  });

  it('sends the lines of a page while the next one is read', async () => {
    let release = (): void => {};
    const { store } = storeOfLines(['1\n', '2\n'], new Promise<void>((resolve) => (release = resolve)));
    const reader = (await handle({}, { store }).send('/v1/export')).body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('1\n');
    release();
    await reader?.cancel();
  });

  it('reads no further page once it has the requested number of events', async () => {
    let pages = 0;
    const store = createMemoryStore();
    const query = store.query.bind(store);
    const counting: typeof query = (request) => {
      if (request.limit === 1_000) pages += 1;
      return query(request);
    };
    const { vigilant, send } = handle({}, { store: Object.assign(store, { query: counting }) });
    await vigilant.logBatch(many(2_100));
    await (await send('/v1/export?limit=1000')).text();
    expect(pages).toBe(1);
  });

  it('sends all events of a page while the next one is read', async () => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    let pages = 0;
    const store = createMemoryStore();
    const query = store.query.bind(store);
    const slow: typeof query = async (request) => {
      if (request.limit === 1_000 && ++pages > 1) await released;
      return query(request);
    };
    const { vigilant, send } = handle({}, { store: Object.assign(store, { query: slow }) });
    await vigilant.logBatch(many(1_100));
    const reader = (await send('/v1/export')).body?.getReader();
    const decoder = new TextDecoder();
    let text = '';
    while (text.split('\n').length <= 1_000) text += decoder.decode((await reader?.read())?.value);
    expect(text.split('\n')).toHaveLength(1_001);
    release();
    await reader?.cancel();
  });

  it.each([
    ['=HYPERLINK("http://evil")', `'=HYPERLINK("http://evil")`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    [' =1', "' =1"],
    ['\r=1', "'\r=1"],
    ['＝1', "'＝1"],
    ['a=1', 'a=1'],
    ['a "quoted", line\r\nand another', 'a "quoted", line\r\nand another'],
    ['', ''],
  ])('neutralises the message %j in CSV', async (message, cell) => {
    const { vigilant, send } = handle();
    await vigilant.log({ id: '-a', message, severity: -5, tags: ['=t', 'u'], data: { a: 1 } });
    const response = await send('/v1/export?format=csv');
    expect(response.headers.get('content-type')).toContain('text/csv');
    const [head = [], row = []] = parseCsv(await response.text());
    const cells = Object.fromEntries(head.map((name, index) => [name, row[index]]));
    expect(cells).toMatchObject({
      id: "'-a",
      severity: '-5',
      message: cell,
      tags: "'=t,u",
      data: '{"a":1}',
      sequence: '1',
    });
  });

  it.each([
    ['format=xml', 'format'],
    ['limit=0', 'limit'],
    ['order=up', 'order'],
    ['cursor=a', 'cursor'],
  ])('rejects ?%s before it begins', async (query, field) => {
    const response = await handle().send(`/v1/export?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ violations: [{ field }] });
  });

  it('reads no further page while the client does not read, and none after it has cancelled', async () => {
    let pages = 0;
    const store = createMemoryStore();
    const query = store.query.bind(store);
    const counting: typeof query = (request) => {
      if (request.limit === 1_000) pages += 1;
      return query(request);
    };
    const { vigilant, send } = handle({}, { store: Object.assign(store, { query: counting }) });
    await vigilant.logBatch(Array.from({ length: 5_000 }, () => ({ message: 'm'.repeat(500) })));
    const reader = (await send('/v1/export')).body?.getReader();
    await reader?.read();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(pages).toBeLessThanOrEqual(2);
    await reader?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(pages).toBeLessThanOrEqual(2);
  });

  it('fails when the store fails after the start', async () => {
    let isBroken = false;
    const store = createMemoryStore();
    const query = store.query.bind(store);
    const failing: typeof query = (request) =>
      isBroken ? Promise.reject(new Error('broken')) : query(request);
    const { vigilant, send } = handle({}, { store: Object.assign(store, { query: failing }) });
    await vigilant.logBatch(many(3_000));
    const response = await send('/v1/export');
    expect(response.status).toBe(200);
    isBroken = true;
    await expect(response.text()).rejects.toThrow();
  });

  it('is aborted when the handler closes and its grace time is over', async () => {
    const { vigilant, send, handler } = handle();
    await vigilant.logBatch(Array.from({ length: 5_000 }, () => ({ message: 'm'.repeat(500) })));
    const response = await send('/v1/export');
    await handler.close({ graceMs: 20 });
    await expect(response.text()).rejects.toMatchObject({ code: 'VIGILANT_CLOSED' });
  });
});
