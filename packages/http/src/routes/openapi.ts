import { jsonResponse } from '../wire/responses';
import type { Parameter } from '../wire/parameters';
import type { Schema } from '../wire/schema';
import { ref, text } from '../wire/schema';
import { VERSION } from '../wire/version';
import type { Body, Route } from './route';
import { json } from './route';
import { SCHEMAS } from './shared-schemas';

const ID: Parameter = {
  name: 'id',
  description: 'Identifies the item.',
  schema: text('Id'),
  isRequired: true,
};

/**
 * Creates the endpoint that describes all endpoints.
 *
 * @param routes - Returns all endpoints, this one included.
 */
export function createOpenApiRoute(routes: () => readonly Route[]): Route {
  return {
    method: 'GET',
    path: '/openapi.json',
    operationId: 'getOpenApi',
    summary: 'Returns this document.',
    scopes: ['read'],
    parameters: [],
    responses: { 200: json('An OpenAPI 3.1 document.', { type: 'object' }) },
    async handle() {
      return jsonResponse(describeRoutes(routes()));
    },
  };
}

/** Describes endpoints as an OpenAPI 3.1 document. */
function describeRoutes(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route);
  return {
    openapi: '3.1.0',
    info: { title: 'Vigilant', version: VERSION, description: 'Logs, queries, counts and follows events.' },
    // Relative to this document.
    servers: [{ url: '.' }],
    paths,
    components: { schemas: SCHEMAS },
  };
}

function operationOf({
  operationId,
  summary,
  scopes,
  parameters,
  headers = [],
  path,
  body,
  responses,
}: Route) {
  return {
    operationId,
    summary,
    description: scopes.length === 0 ? 'Needs no scope.' : `Needs the scope ${scopes.join(' and ')}.`,
    parameters: [
      ...(path.includes('{id}') ? [parameterOf(ID, 'path')] : []),
      ...parameters.map((parameter) => parameterOf(parameter, 'query')),
      ...headers.map((header) => parameterOf(header, 'header')),
    ],
    ...(body === undefined ? {} : { requestBody: { ...bodyOf(body), required: true } }),
    responses: {
      ...Object.fromEntries(Object.entries(responses).map(([status, each]) => [status, bodyOf(each)])),
      ...(scopes.includes('log') ? { 403: bodyOf(NOT_WRITABLE) } : {}),
      default: bodyOf(PROBLEM),
    },
  };
}

const PROBLEM: Body = {
  description: 'The request failed.',
  content: { 'application/problem+json': ref('Problem') },
};

/** The response to a write that is not possible. */
const NOT_WRITABLE: Body = {
  ...PROBLEM,
  description:
    'The caller lacks a scope (`VIGILANT_FORBIDDEN`), or the store is read-only (`VIGILANT_READ_ONLY`).',
};

function parameterOf(parameter: Parameter, place: 'path' | 'query' | 'header'): object {
  const { name, description, schema, isRequired = false } = parameter;
  return { name, in: place, description, schema, ...(isRequired ? { required: true } : {}) };
}

function bodyOf({ description, content }: Body): object {
  const entries = Object.entries(content).map(([type, schema]): [string, { schema: Schema }] => [
    type,
    { schema },
  ]);
  return entries.length === 0 ? { description } : { description, content: Object.fromEntries(entries) };
}
