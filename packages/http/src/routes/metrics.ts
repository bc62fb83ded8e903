import type { VigilantStatus } from '@vigilant/core';
import { textResponse } from '../wire/responses';
import { text } from '../wire/schema';
import { VERSION } from '../wire/version';
import type { Route } from './route';

/** A metric. Without a value it is omitted. */
type Metric = readonly [
  type: 'counter' | 'gauge',
  name: string,
  help: string,
  value: number | undefined,
  labels?: Readonly<Record<string, string>>,
];

const STATES: readonly VigilantStatus['state'][] = ['idle', 'ready', 'degraded', 'closing', 'closed'];

/** Returns metrics for Prometheus. */
export const getMetrics: Route = {
  method: 'GET',
  path: '/metrics',
  operationId: 'getMetrics',
  summary: 'Returns metrics in the text format of Prometheus.',
  scopes: ['read'],
  parameters: [],
  responses: { 200: { description: 'The metrics.', content: { 'text/plain': text('Metrics.') } } },
  async handle({ vigilant }) {
    const metrics = metricsOf(await vigilant.status());
    return textResponse(formatMetrics(metrics), 'text/plain; version=0.0.4; charset=utf-8');
  },
};

function metricsOf(status: VigilantStatus): readonly Metric[] {
  return [
    ...engineMetrics(status),
    ...brokerMetrics(status.broker),
    ...storeMetrics(status),
    ...schedulerMetrics(status.scheduler),
    ...retentionMetrics(status.retention),
    ['gauge', 'tails', 'Open tails.', status.tails],
  ];
}

function engineMetrics({ state, intake }: VigilantStatus): readonly Metric[] {
  return [
    ['gauge', 'info', 'Version of the server.', 1, { version: VERSION }],
    ...STATES.map((each): Metric => [
      'gauge',
      'state',
      'Whether the engine is in the state of the label.',
      Number(each === state),
      { state: each },
    ]),
    ['counter', 'events_accepted_total', 'Accepted events.', intake.accepted],
    ['counter', 'events_invalid_total', 'Invalid events.', intake.invalid],
    [
      'counter',
      'events_failed_total',
      'Events that the broker rejected or whose outcome is unknown.',
      intake.failed,
    ],
    ['gauge', 'intake_pending_bytes', 'Size of the events that wait for the broker.', intake.pendingBytes],
  ];
}

function brokerMetrics(broker: VigilantStatus['broker']): readonly Metric[] {
  return [
    ['gauge', 'broker_pending_events', 'Events in the broker that are not stored yet.', broker.pendingEvents],
    [
      'gauge',
      'broker_pending_bytes',
      'Size of the events in the broker that are not stored yet.',
      broker.pendingBytes,
    ],
    ['gauge', 'broker_capacity_bytes', 'Size at which the broker is full.', broker.capacityBytes],
  ];
}

function storeMetrics({ store, oldestEventAt }: VigilantStatus): readonly Metric[] {
  return [
    ['gauge', 'store_up', 'Whether the store responds.', Number(store !== undefined)],
    ['gauge', 'store_events', 'Stored events.', store?.events],
    ['gauge', 'store_bytes', 'Size of the store.', store?.bytes],
    ['gauge', 'store_last_sequence', 'Highest sequence of a stored event.', store?.lastSequence],
    ['gauge', 'store_pruned_through', 'Highest sequence that was pruned.', store?.prunedThrough],
    [
      'gauge',
      'store_oldest_event_timestamp_seconds',
      'Timestamp of the oldest stored event.',
      toSeconds(oldestEventAt),
    ],
  ];
}

function schedulerMetrics(scheduler: VigilantStatus['scheduler']): readonly Metric[] {
  return [
    [
      'gauge',
      'scheduler_lag_seconds',
      'Time since the receipt of the oldest event that is not stored yet; 0 if there is none.',
      toSeconds(scheduler.lagMs),
    ],
    [
      'gauge',
      'scheduler_stored_lag_seconds',
      'Time from the receipt of the oldest event of the last batch until it was stored.',
      toSeconds(scheduler.storedLagMs),
    ],
    ['gauge', 'scheduler_waiting_events', 'Events that wait for their batch.', scheduler.waitingEvents],
    [
      'gauge',
      'scheduler_waiting_bytes',
      'Size of the events that wait for their batch.',
      scheduler.waitingBytes,
    ],
    ['counter', 'scheduler_stored_total', 'Events that this process stored.', scheduler.stored],
    ['counter', 'scheduler_duplicates_total', 'Events that were already stored.', scheduler.duplicates],
    [
      'counter',
      'scheduler_conflicts_total',
      'Events whose id was stored with other content.',
      scheduler.conflicts,
    ],
    ['counter', 'scheduler_dead_letters_total', 'Events that became dead letters.', scheduler.deadLetters],
    [
      'counter',
      'scheduler_dropped_dead_letters_total',
      'Dead letters that were dropped.',
      scheduler.droppedDeadLetters,
    ],
    ['counter', 'scheduler_batches_total', 'Written batches.', scheduler.batches],
    ['counter', 'scheduler_failed_writes_total', 'Failed writes.', scheduler.failedWrites],
  ];
}

function retentionMetrics(retention: VigilantStatus['retention']): readonly Metric[] {
  return [
    ['counter', 'retention_deleted_total', 'Events that this process deleted.', retention?.deleted],
    [
      'gauge',
      'retention_running',
      'Whether this process is deleting expired events.',
      retention && Number(retention.state === 'running'),
    ],
    [
      'gauge',
      'retention_last_run_timestamp_seconds',
      'Time at which this process last finished deleting expired events.',
      toSeconds(retention?.lastRunAt),
    ],
    [
      'gauge',
      'retention_failed',
      'Whether the last deletion of expired events failed.',
      retention && Number(retention.reason !== undefined),
    ],
  ];
}

function formatMetrics(metrics: readonly Metric[]): string {
  const lines: string[] = [];
  let previous: string | undefined;
  for (const [type, name, help, value, labels] of metrics) {
    if (value === undefined) continue;
    const full = `vigilant_${name}`;
    if (name !== previous) lines.push(`# HELP ${full} ${help}`, `# TYPE ${full} ${type}`);
    previous = name;
    lines.push(`${full}${formatLabels(labels)} ${value}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Converts milliseconds to seconds with at most six fractional digits. */
function toSeconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.round(milliseconds * 1_000) / 1_000_000;
}

/** Formats labels, whose values need no escaping. */
function formatLabels(labels: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
