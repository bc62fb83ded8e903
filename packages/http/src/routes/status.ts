import type { RetentionStatus, VigilantStatus } from '@vigilant/core';
import { formatTimestamp } from '@vigilant/core';
import { VERSION } from '../wire/version';
import { jsonResponse } from '../wire/responses';
import { flag, integer, list, object, text, time } from '../wire/schema';
import type { Call, Route } from './route';
import { json } from './route';

const STATUS = object({
  state: text('`idle`, `ready`, `degraded`, `closing` or `closed`.'),
  reasons: list(text('Reason'), 'Reasons for the state `degraded`.'),
  capabilities: {
    type: 'object',
    description:
      'Properties that broker and store declare. `store.readOnly` is true if nothing can be written.',
  },
  broker: { type: 'object', description: 'Status of the broker.' },
  'store?': { type: 'object', description: 'Status of the store. Absent if it does not respond.' },
  'oldestEventAt?': time(
    'Timestamp of the oldest stored event. Absent if there is none or the store does not respond.',
  ),
  scheduler: {
    type: 'object',
    description:
      'State of the scheduler, with counts since its start. `lagMs` is how long the oldest event that is not stored yet has waited since its receipt, and `storedLagMs` how long the oldest event of the last written batch waited until it was stored.',
  },
  'retention?': object({
    'maxAge?': text('Age after which events are deleted, such as `30d`.'),
    'byLevel?': { type: 'object', description: 'Ages of single levels.' },
    'maxBytes?': integer('Size of the stored events beyond which the earliest arrivals are deleted.'),
    state: text('`waiting`, `running`, or `standby` if another process deletes the events of the store.'),
    deleted: integer('Number of events that this engine has deleted.'),
    'lastRunAt?': time('When this engine last finished deleting expired events.'),
    'nextRunAt?': time('When this engine next checks for expired events.'),
    'reason?': text('Why the last run failed.'),
  }),
  intake: object({
    accepted: integer('Number of accepted events.'),
    invalid: integer('Number of invalid events.'),
    failed: integer('Number of events that the broker rejected or whose outcome is unknown.'),
    pendingBytes: integer('Size of the events that wait for the broker.'),
  }),
  tails: integer('Number of open tails.'),
  version: text('Version of the server.'),
  now: time('Time of the server.'),
});

/** Returns the status of the engine. */
export const getStatus: Route = {
  method: 'GET',
  path: '/v1/status',
  operationId: 'getStatus',
  summary: 'Returns the status of the engine.',
  scopes: ['read'],
  parameters: [],
  responses: { 200: json('The status.', STATUS) },
  async handle({ vigilant, services }) {
    const { oldestEventAt, retention, ...status } = await vigilant.status();
    return jsonResponse({
      ...status,
      oldestEventAt: toText(oldestEventAt),
      retention: retention && toRetentionJson(retention),
      version: VERSION,
      now: formatTimestamp(services.clock.now()),
    });
  },
};

function toRetentionJson({ lastRunAt, nextRunAt, ...retention }: RetentionStatus): object {
  return { ...retention, lastRunAt: toText(lastRunAt), nextRunAt: toText(nextRunAt) };
}

function toText(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : formatTimestamp(milliseconds);
}

const HEALTH = object({
  status: text('`ok` or `unavailable`.'),
  reasons: list(text('Reason'), 'Reasons, for callers that may read.'),
  'readOnly?': flag('Whether the server only answers reads. Absent if it also accepts events.'),
});

/** Returns whether the server is running. */
export const getLiveness: Route = {
  method: 'GET',
  path: '/livez',
  operationId: 'getLiveness',
  summary: 'Returns whether the server is running.',
  scopes: [],
  parameters: [],
  responses: { 200: json('It is running.', HEALTH), 503: json('The engine is closed.', HEALTH) },
  async handle(call) {
    const { state } = await call.vigilant.status();
    return healthResponse(call, state === 'closed' ? ['the engine is closed'] : []);
  },
};

/** Returns whether events make progress. */
export const getReadiness: Route = {
  method: 'GET',
  path: '/readyz',
  operationId: 'getReadiness',
  summary: 'Returns whether the server accepts events and writes them, or is read-only and can read.',
  scopes: [],
  parameters: [],
  responses: { 200: json('It is ready.', HEALTH), 503: json('It is not ready.', HEALTH) },
  async handle(call) {
    const status = await call.vigilant.status();
    return healthResponse(call, call.services.isClosing() ? ['the server is stopping'] : blockersOf(status));
  },
};

function blockersOf({ state, reasons }: VigilantStatus): readonly string[] {
  if (state === 'ready' || state === 'idle') return [];
  return state === 'degraded' ? reasons : [`the engine is ${state}`];
}

async function healthResponse(
  { request, services, vigilant }: Call,
  reasons: readonly string[],
): Promise<Response> {
  const isOk = reasons.length === 0;
  const shown = !isOk && (await services.mayUse(request, 'read')) ? reasons : [];
  const health = { status: isOk ? 'ok' : 'unavailable', reasons: shown };
  const isReadOnly = vigilant.capabilities.store.readOnly === true;
  return jsonResponse(isReadOnly ? { ...health, readOnly: true } : health, { status: isOk ? 200 : 503 });
}
