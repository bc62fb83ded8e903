import type { EventInput, JsonValue, LogBatchResult, VigilantError } from '@vigilant/core';
import { parseJson } from '@vigilant/core';
import { MAX_BATCH_EVENTS, createWorkSlicer, invalidEvent } from '@vigilant/core/adapter';
import { HttpError } from '../wire/http-error';
import type { EventProblem } from '../wire/problem';
import { problemResponse, toEventProblem } from '../wire/problem';
import { jsonResponse } from '../wire/responses';
import { integer, list, object, ref, text } from '../wire/schema';
import { JSON_LINES, mediaTypeOf, parseBody, readText } from './request-text';
import type { Call, Route } from './route';
import { json } from './route';

/** Maximum number of violations in the problem of a batch without a valid event. */
const MAX_VIOLATIONS = 20;

/** The events of a body. */
interface Batch {
  readonly inputs: readonly EventInput[];
  /** Errors of the events that could not be parsed, by their index. Their input is `undefined`. */
  readonly malformed: ReadonlyMap<number, VigilantError>;
}

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
    const value = parseBody(text);
    if (Array.isArray(value)) return logBatch(call, { inputs: checkCount(value), malformed: new Map() });
    if (isBatch(value)) return logBatch(call, { inputs: eventsOf(value), malformed: new Map() });
    return jsonResponse(await call.vigilant.log(value as unknown as EventInput));
  },
};

function isBatch(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'events');
}

function eventsOf({ events, ...rest }: { readonly [key: string]: JsonValue }): readonly EventInput[] {
  const [other] = Object.keys(rest);
  if (other !== undefined) {
    const reason = 'is not a field of a batch; a batch has only events';
    throw invalidEvent([{ field: other, code: 'unknown_field', reason }]);
  }
  if (!Array.isArray(events))
    throw invalidEvent([{ field: 'events', code: 'wrong_type', reason: 'must be an array of events' }]);
  return checkCount(events);
}

/** Parses one event per line. Empty lines are skipped. */
async function parseLines(text: string): Promise<Batch> {
  const inputs: EventInput[] = [];
  const malformed = new Map<number, VigilantError>();
  const slicer = createWorkSlicer();
  for (const [index, line] of text.split('\n').entries()) {
    await slicer.count(line.length);
    if (line.trim() === '') continue;
    try {
      inputs.push(parseJson(line) as unknown as EventInput);
    } catch {
      const reason = `line ${index + 1} is not valid JSON`;
      const violation = { field: `events[${inputs.length}]`, code: 'malformed', reason };
      malformed.set(inputs.length, invalidEvent([violation]));
      inputs.push(undefined as never);
    }
  }
  return { inputs: checkCount(inputs), malformed };
}

function checkCount(events: readonly unknown[]): readonly EventInput[] {
  const limit = MAX_BATCH_EVENTS;
  if (events.length <= limit) return events as readonly EventInput[];
  const reason = `has ${events.length} events; the limit is ${limit}`;
  throw invalidEvent([{ field: 'events', code: 'too_many', reason, limit }]);
}

async function logBatch({ vigilant }: Call, { inputs, malformed }: Batch): Promise<Response> {
  const { accepted, results } = await vigilant.logBatch(inputs);
  const body = results.map((result, index) => toResult(result, malformed.get(index)));
  if (accepted > 0 || inputs.length === 0)
    return jsonResponse({ accepted, rejected: inputs.length - accepted, results: body });
  return problemResponse(noneAccepted(body), { results: body });
}

function toResult(
  result: LogBatchResult['results'][number],
  malformed: VigilantError | undefined,
): { readonly id: string } | { readonly error: EventProblem } {
  if (malformed !== undefined) return { error: toEventProblem(malformed) };
  return 'error' in result ? { error: toEventProblem(result.error) } : { id: result.id };
}

function noneAccepted(results: readonly object[]): VigilantError {
  const errors = results.map((result) => (result as { readonly error: EventProblem }).error);
  const violations = errors.flatMap((error) => error.violations).slice(0, MAX_VIOLATIONS);
  const message = `None of the ${results.length} events is valid. ${errors[0]?.message ?? ''}`;
  return new HttpError(400, 'VIGILANT_EVENT_INVALID', message, { violations });
}
