import { describe, expect, it } from 'vitest';
import { handle } from '../support/serve';

const EVENTS = [
  { message: 'a', level: 'ERROR', source: 'auth', timestamp: '2026-01-01T00:00:00Z' },
  { message: 'b', level: 'INFO', source: 'auth', timestamp: '2026-01-01T00:00:30Z' },
  { message: 'c', level: 'INFO', source: 'shop', timestamp: '2026-01-01T01:00:00Z' },
];

describe('GET /v1/histogram', () => {
  it('counts events per bucket, with ISO 8601 times', async () => {
    const { vigilant, get } = handle();
    await vigilant.logBatch(EVENTS);
    expect(await get('/v1/histogram?buckets=60&by=source')).toMatchObject({
      buckets: [
        { start: '2026-01-01T00:00:00.000000Z', counts: { auth: 2 } },
        { start: '2026-01-01T01:00:00.000000Z', counts: { shop: 1 } },
      ],
      from: '2026-01-01T00:00:00.000000Z',
      bucketMs: 120_000,
      exact: true,
      complete: true,
      freshness: { complete: true },
    });
  });

  it('leaves out the range when no event matches', async () => {
    const result = await handle().get('/v1/histogram');
    expect(result).toMatchObject({ buckets: [], bucketMs: 0 });
    expect(result).not.toHaveProperty('from');
  });

  it.each([
    ['buckets=0', 'buckets'],
    ['by=message', 'by'],
    ['deadlineMs=0', 'deadlineMs'],
    ['freshMs=-1', 'freshMs'],
  ])('rejects ?%s and names the parameter', async (query, field) => {
    const response = await handle().send(`/v1/histogram?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ violations: [{ field }] });
  });
});

describe('GET /v1/facets', () => {
  it('counts the values of the fields in the order of the request', async () => {
    const { vigilant, get } = handle();
    await vigilant.logBatch(EVENTS);
    expect(await get('/v1/facets?field=source&field=level&limit=1')).toMatchObject({
      facets: [
        { field: 'source', values: [{ value: 'auth', count: 2 }], distinct: 2, exact: true },
        { field: 'level', values: [{ value: 'INFO', count: 2 }] },
      ],
      complete: true,
    });
  });

  it('counts the usual fields by default', async () => {
    const { facets } = await handle().get<{ readonly facets: readonly { readonly field: string }[] }>(
      '/v1/facets',
    );
    expect(facets.map(({ field }) => field)).toEqual(['level', 'origin', 'source', 'type', 'group', 'tags']);
  });

  it('rejects unknown fields by the name of the parameter', async () => {
    const response = await handle().send('/v1/facets?field=level&field=colour&field=id');
    expect(await response.json()).toMatchObject({
      violations: [
        { field: 'field', reason: expect.stringContaining('"colour"') },
        { field: 'field', reason: expect.stringContaining('by id') },
      ],
    });
  });
});
