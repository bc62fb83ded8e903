import type { View, ViewInput } from '@vigilant/core';
import { VigilantError, formatTimestamp } from '@vigilant/core';
import { describeValue, notFound } from '@vigilant/core/adapter';
import { invalidRequest } from '../wire/http-error';
import type { Parameter } from '../wire/parameters';
import { jsonResponse } from '../wire/responses';
import { list, object, ref, text } from '../wire/schema';
import { readJson } from './request-text';
import type { Call, Route, Scope } from './route';
import { json } from './route';

/** Views are shared by all readers, so neither a sender of events nor a reader alone may change them. */
const WRITE: readonly Scope[] = ['read', 'log'];

const IF_MATCH: Parameter = {
  name: 'If-Match',
  description: 'The current revision of the view in quotes, as in its ETag.',
  schema: text('Revision'),
};

/** Returns all saved views. */
export const listViews: Route = {
  method: 'GET',
  path: '/v1/views',
  operationId: 'listViews',
  summary: 'Returns all saved views.',
  scopes: ['read'],
  parameters: [],
  responses: { 200: json('The views, oldest first.', object({ views: list(ref('View')) })) },
  async handle({ vigilant }) {
    return jsonResponse({ views: (await vigilant.views.list()).map(toViewJson) });
  },
};

/** Saves a view. */
export const createView: Route = {
  method: 'POST',
  path: '/v1/views',
  operationId: 'createView',
  summary: 'Saves a view.',
  scopes: WRITE,
  parameters: [],
  body: json('The view.', ref('ViewInput')),
  responses: { 201: json('The saved view.', ref('View')) },
  async handle(call) {
    const input = await readView(call);
    return viewResponse(await call.vigilant.views.create(input), 201);
  },
};

/** Replaces a view. */
export const updateView: Route = {
  method: 'PUT',
  path: '/v1/views/{id}',
  operationId: 'updateView',
  summary: 'Replaces a view.',
  scopes: WRITE,
  parameters: [],
  headers: [IF_MATCH],
  body: json('The view.', ref('ViewInput')),
  responses: { 200: json('The saved view.', ref('View')) },
  async handle(call) {
    const { vigilant, id } = call;
    const input = await readView(call);
    const revision = await expectedRevision(call);
    return viewResponse(await vigilant.views.update(id, input, { revision }), 200);
  },
};

/** Deletes a view. */
export const deleteView: Route = {
  method: 'DELETE',
  path: '/v1/views/{id}',
  operationId: 'deleteView',
  summary: 'Deletes a view.',
  scopes: WRITE,
  parameters: [],
  headers: [IF_MATCH],
  responses: { 204: { description: 'The view is deleted.', content: {} } },
  async handle(call) {
    const { vigilant, id } = call;
    await vigilant.views.delete(id, { revision: await expectedRevision(call) });
    return new Response(null, { status: 204 });
  },
};

/** Reads a view. Core checks its fields. */
async function readView(call: Call): Promise<ViewInput> {
  const value = await readJson(call);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as unknown as ViewInput;
  throw invalidRequest(
    'body',
    'wrong_type',
    `must be a view, which is an object with a name, not ${describeValue(value)}`,
  );
}

/**
 * Returns the revision that a change replaces, from `If-Match`.
 *
 * @throws {VigilantError} `VIGILANT_QUERY_INVALID` with the status 428 without the header; `VIGILANT_NOT_FOUND`;
 * `VIGILANT_CONFLICT`
 */
async function expectedRevision({ vigilant, id, request }: Call): Promise<string> {
  const header = request.headers.get('if-match');
  if (header === null)
    throw invalidRequest('If-Match', 'required', 'is required; send the revision of the view in quotes', {
      status: 428,
    });
  if (header !== '*' && !/^(W\/)?"[^"]*"(\s*,\s*(W\/)?"[^"]*")*$/.test(header))
    throw invalidRequest('If-Match', 'malformed', 'must be the revision of the view in quotes');
  const view = await vigilant.views.get(id);
  if (view === undefined) throw notFound('view', id);
  if (header === '*' || header.split(',').some((tag) => tag.trim() === `"${view.revision}"`))
    return view.revision;
  const reason = `does not match the current revision "${view.revision}"; read the view again and repeat the change`;
  const violations = [{ field: 'If-Match', code: 'conflict', reason }];
  throw new VigilantError('VIGILANT_CONFLICT', `If-Match: ${reason}`, { violations });
}

function viewResponse(view: View, status: number): Response {
  return jsonResponse(toViewJson(view), { status, headers: { etag: `"${view.revision}"` } });
}

function toViewJson(view: View): object {
  return { ...view, updatedAt: formatTimestamp(view.updatedAt) };
}
