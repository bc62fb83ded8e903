import type { EventInput, JsonValue, LogBatchResult, VigilantError } from '@vigilant/core';
import type { EventReader } from '@vigilant/core/adapter';
import { describeValue, invalidEvent, logBatchFrom, logFrom } from '@vigilant/core/adapter';
import { HttpError } from '../wire/http-error';
import type { EventProblem } from '../wire/problem';
import { problemResponse, toEventProblem } from '../wire/problem';
import { jsonResponse } from '../wire/responses';
import { integer, list, object, ref, text } from '../wire/schema';
import { MAX_EVENT_CHARACTERS, parseArray, parseLines } from './event-texts';
import { JSON_LINES, mediaTypeOf, parseBody, readText } from './request-text';
import type { Call, Route } from './route';
import { json } from './route';

/** Maximum number of violations in the problem of a batch without a valid event. */
const MAX_VIOLATIONS = 20;

/** Logs one event or a batch. */
export const logEvents: Route = {
  method: 'POST',
  path: '/v1/events',
  operationId: 'logEvents',
  summary: 'Logs one event or a batch.',
  scopes: ['log'],
  parameters: [],
  headers: [
    { name: 'Content-Encoding', description: '`gzip` or `identity`.', schema: text('Encoding of the body.') },
  ],
  body: {
    description:
      'An event, an array of events, an object with the array `events`, or one event per line. At most 10,000 events.',
    content: {
      'application/json': {
        oneOf: [
          ref('EventInput'),
          list(ref('EventInput')),
          object({ events: list(ref('EventInput'), 'The events.') }),
        ],
      },
      'application/x-ndjson': text('One event per line.'),
    },
  },
  responses: {
    200: json('The broker holds the accepted events.', {
      oneOf: [
        object({ id: text('Id of the event.') }),
        object({
          accepted: integer('Number of accepted events.'),
          rejected: integer('Number of rejected events.'),
          results: list(ref('EventResult'), 'Result of each event, in the order of the batch.'),
        }),
      ],
    }),
  },
  async handle(call) {
    const type = mediaTypeOf(call.request, JSON_LINES);
    const text = await readText(call);
    if (JSON_LINES.includes(type)) return logBatch(call, await parseLines(text));
    const batch = await parseArray(text);
    if (batch !== undefined) return logBatch(call, batch);
    return jsonResponse(await logFrom(call.vigilant, { readInput: () => parseEvent(text) }));
  },
};

/** Parses a body that is not an array of events. */
function parseEvent(body: string): EventInput {
  const limit = MAX_EVENT_CHARACTERS;
  if (body.length > limit) {
    const reason = `has ${body.length} characters of JSON; the limit of one event is ${limit}`;
    throw invalidEvent([{ field: 'body', code: 'too_large', reason, limit }]);
  }
  const value = parseBody(body);
  if (isBatch(value)) throw invalidBatch(value);
  if (typeof value !== 'object' || value === null) {
    const reason = `must be an event, which is an object with a message, or an array of events, not ${describeValue(value)}`;
    throw invalidEvent([{ field: 'body', code: 'wrong_type', reason }]);
  }
  return value as unknown as EventInput;
}

function isBatch(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'events');
}

/** Returns the error of an object with `events` that is not a batch. */
function invalidBatch(batch: object): VigilantError {
  const other = Object.keys(batch).find((key) => key !== 'events');
  if (other === undefined)
    return invalidEvent([{ field: 'events', code: 'wrong_type', reason: 'must be an array of events' }]);
  const reason = 'is not a field of a batch; a batch has only events';
  return invalidEvent([{ field: other, code: 'unknown_field', reason }]);
}

async function logBatch({ vigilant }: Call, reader: EventReader): Promise<Response> {
  const { accepted, results } = await logBatchFrom(vigilant, reader);
  const body = results.map(toResult);
  if (accepted > 0 || reader.count === 0)
    return jsonResponse({ accepted, rejected: reader.count - accepted, results: body });
  return problemResponse(noneAccepted(body), { results: body });
}

function toResult(
  result: LogBatchResult['results'][number],
): { readonly id: string } | { readonly error: EventProblem } {
  return 'error' in result ? { error: toEventProblem(result.error) } : { id: result.id };
}

function noneAccepted(results: readonly object[]): VigilantError {
  const errors = results.map((result) => (result as { readonly error: EventProblem }).error);
  const violations = errors.flatMap((error) => error.violations).slice(0, MAX_VIOLATIONS);
  const message = `None of the ${results.length} events is valid. ${errors[0]?.message ?? ''}`;
  return new HttpError(400, 'VIGILANT_EVENT_INVALID', message, { violations });
}
