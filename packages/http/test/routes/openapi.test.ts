import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/routes/routes';
import type { OpenApi, Operation } from '../support/check-schema';
import { faultsOf } from '../support/check-schema';
import type { TestHandler } from '../support/serve';
import { handle } from '../support/serve';

const VIEW = { name: 'v', filter: 'level:ERROR', since: '2h', until: 'now', columns: ['id'] };
const JSON_TYPE = { 'content-type': 'application/json' };

/** One request. */
interface Sent {
  readonly operationId: string;
  readonly path: string;
  readonly init?: RequestInit;
}

/** Requests that reach every endpoint, successfully and not. */
async function requestsTo({ vigilant, post }: TestHandler): Promise<readonly Sent[]> {
  await vigilant.logBatch([
    { id: 'a', message: 'm', tags: ['t'], data: { nested: { list: [1] } } },
    { id: 'b', message: 'm', timestamp: Date.now() + 3_600_000 },
  ]);
  const { id, revision } = (await (await post('/v1/views', VIEW)).json()) as Record<string, string>;
  const write = (method: string, value?: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method,
    headers: { ...JSON_TYPE, ...headers },
    ...(value === undefined ? {} : { body: JSON.stringify(value) }),
  });
  const ifMatch = { 'if-match': `"${revision}"` };
  return [
    { operationId: 'logEvents', path: '/v1/events', init: write('POST', { message: 'm' }) },
    { operationId: 'logEvents', path: '/v1/events', init: write('POST', [{ message: 'm' }, {}]) },
    { operationId: 'logEvents', path: '/v1/events', init: write('POST', [{ message: 5 }]) },
    { operationId: 'queryEvents', path: '/v1/events?limit=1' },
    { operationId: 'queryEvents', path: '/v1/events?filter=sorce:a' },
    { operationId: 'getEvent', path: '/v1/events/a' },
    { operationId: 'getEvent', path: '/v1/events/none' },
    { operationId: 'getEventById', path: '/v1/event?id=a' },
    { operationId: 'getEventById', path: '/v1/event?id=none' },
    { operationId: 'getHistogram', path: '/v1/histogram' },
    { operationId: 'getHistogram', path: '/v1/histogram?limit=1&by=tags' },
    { operationId: 'getHistogram', path: '/v1/histogram?filter=source:none' },
    { operationId: 'listFacets', path: '/v1/facets?field=level&field=data.nested.list' },
    { operationId: 'listViews', path: '/v1/views' },
    { operationId: 'createView', path: '/v1/views', init: write('POST', { name: 'n' }) },
    { operationId: 'updateView', path: `/v1/views/${id}`, init: write('PUT', VIEW, { 'if-match': '"x"' }) },
    { operationId: 'updateView', path: `/v1/views/${id}`, init: write('PUT', VIEW, ifMatch) },
    { operationId: 'deleteView', path: `/v1/views/${id}`, init: write('DELETE') },
    {
      operationId: 'deleteView',
      path: `/v1/views/${id}`,
      init: write('DELETE', undefined, { 'if-match': '*' }),
    },
    { operationId: 'getStatus', path: '/v1/status' },
    { operationId: 'getLiveness', path: '/livez' },
    { operationId: 'getReadiness', path: '/readyz' },
    { operationId: 'getMetrics', path: '/metrics' },
    { operationId: 'getOpenApi', path: '/openapi.json' },
    { operationId: 'exportEvents', path: '/v1/export' },
    { operationId: 'exportEvents', path: '/v1/export?format=csv' },
    { operationId: 'exportEvents', path: '/v1/export?format=xml' },
    { operationId: 'tailEvents', path: '/v1/tail' },
    { operationId: 'tailEvents', path: '/v1/tail?cursor=x' },
  ];
}

const load = (): Promise<OpenApi> => handle().get<OpenApi>('/openapi.json');

const operationsOf = ({ paths }: OpenApi): readonly (readonly [string, string, Operation])[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [method.toUpperCase(), path, operation] as const),
  );

const names = (operation: Operation, place: string): readonly string[] =>
  operation.parameters.filter((parameter) => parameter.in === place).map(({ name }) => name);

/** Returns where a response differs from its description. */
async function compare(document: OpenApi, operation: Operation, response: Response): Promise<string[]> {
  const described = operation.responses[response.status] ?? operation.responses['default'];
  const type = response.headers.get('content-type')?.split(';')[0];
  if (type === undefined) return described?.content === undefined ? [] : ['no content type'];
  const schema = described?.content?.[type]?.schema;
  if (schema === undefined) return [`${response.status} ${type} is not described`];
  if (!type.endsWith('json') || type.endsWith('ndjson')) {
    await response.body?.cancel();
    return [];
  }
  return faultsOf(await response.json(), schema, document);
}

describe('GET /openapi.json', () => {
  it('describes exactly the routes, with their parameters', async () => {
    const document = await load();
    expect(document.openapi).toBe('3.1.0');
    const described = operationsOf(document).map(([method, path, operation]) => ({
      method,
      path,
      query: names(operation, 'query'),
      headers: names(operation, 'header'),
      path_: names(operation, 'path'),
    }));
    const existing = ROUTES.map(({ method, path, parameters, headers = [] }) => ({
      method,
      path,
      query: parameters.map(({ name }) => name),
      headers: headers.map(({ name }) => name),
      path_: path.includes('{id}') ? ['id'] : [],
    }));
    const byName = <T extends { readonly method: string; readonly path: string }>(all: readonly T[]): T[] =>
      [...all].sort((a, b) => `${a.path} ${a.method}`.localeCompare(`${b.path} ${b.method}`));
    expect(byName(described)).toEqual(byName(existing));
  });

  it('describes the responses of every endpoint', async () => {
    const http = handle();
    const document = await http.get<OpenApi>('/openapi.json');
    const operations = new Map(operationsOf(document).map(([, , each]) => [each.operationId, each]));
    const seen = new Map<string, Set<string>>();
    for (const { operationId, path, init } of await requestsTo(http)) {
      const operation = operations.get(operationId) as Operation;
      const response = await http.send(path, init);
      const key = operation.responses[response.status] === undefined ? 'default' : String(response.status);
      seen.set(operationId, (seen.get(operationId) ?? new Set()).add(key));
      expect(await compare(document, operation, response), `${operationId} ${path}`).toEqual([]);
    }
    expect([...seen.keys()].sort()).toEqual([...operations.keys()].sort());
    // Each described response was seen, except those of a server that is read-only or not ready.
    for (const [operationId, { responses }] of operations)
      for (const status of Object.keys(responses).filter((each) => !['default', '403', '503'].includes(each)))
        expect(seen.get(operationId), operationId).toContain(status);
  });

  it('describes values that the server accepts', async () => {
    const http = handle();
    await http.vigilant.log({ id: '{id}', message: 'The event of the path as it is described.' });
    for (const [method, path, operation] of operationsOf(await http.get<OpenApi>('/openapi.json'))) {
      if (method !== 'GET') continue;
      const required = operation.parameters.filter((each) => each.in === 'query' && each.required === true);
      const rest = required.map((each) => `&${each.name}={${each.name}}`).join('');
      for (const { name, in: place, schema } of operation.parameters) {
        if (place !== 'query') continue;
        const values = schema.enum ?? [schema.minimum, schema.maximum].filter((each) => each !== undefined);
        for (const value of values) {
          const response = await http.send(`${path}?${name}=${value}${rest}`);
          expect(response.status, `${path}?${name}=${value}`).toBe(200);
          await response.body?.cancel();
        }
        for (const value of [(schema.minimum ?? NaN) - 1, (schema.maximum ?? NaN) + 1]) {
          if (Number.isNaN(value)) continue;
          expect((await http.send(`${path}?${name}=${value}${rest}`)).status, `${name}=${value}`).toBe(400);
        }
      }
    }
  });

  it('refers only to schemas that it contains, and to all of them', async () => {
    const document = await load();
    const text = JSON.stringify(document);
    const referred = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name));
    expect([...referred].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });
});
