import type { RetentionStatus, VigilantStatus } from '@vigilant/core';
import type { Timestamp } from '../generated/google-protobuf';
import type { GetStatusResponse, Retention } from '../generated/vigilant-v1';
import {
  GetStatusResponse_State as State,
  Retention_State as RetentionState,
} from '../generated/vigilant-v1';
import { toDuration, toTimestamp } from '../wire/timestamp';

const STATES: Readonly<Record<VigilantStatus['state'], State>> = {
  idle: State.STATE_IDLE,
  ready: State.STATE_READY,
  degraded: State.STATE_DEGRADED,
  closing: State.STATE_CLOSING,
  closed: State.STATE_CLOSED,
};

const RETENTION_STATES: Readonly<Record<RetentionStatus['state'], RetentionState>> = {
  waiting: RetentionState.STATE_WAITING,
  running: RetentionState.STATE_RUNNING,
  standby: RetentionState.STATE_STANDBY,
};

/** Converts the status of an engine to the response of `GetStatus`. */
export function toStatusMessage(status: VigilantStatus): GetStatusResponse {
  const { state, reasons, broker, store, oldestEventAt, scheduler, retention, intake, tails } = status;
  return {
    state: STATES[state],
    reasons,
    pendingEvents: broker.pendingEvents,
    storedEvents: store?.events,
    tails,
    accepted: intake.accepted,
    invalid: intake.invalid,
    written: scheduler.stored,
    duplicates: scheduler.duplicates,
    conflicts: scheduler.conflicts,
    deadLetters: scheduler.deadLetters,
    droppedDeadLetters: scheduler.droppedDeadLetters,
    oldestEventTime: toOptionalTimestamp(oldestEventAt),
    lag: toDuration(scheduler.lagMs),
    storedLag: scheduler.storedLagMs === undefined ? undefined : toDuration(scheduler.storedLagMs),
    retention: retention && toRetentionMessage(retention),
  };
}

function toRetentionMessage(retention: RetentionStatus): Retention {
  const { state, maxAge, byLevel, maxBytes, deleted, lastRunAt, nextRunAt, reason } = retention;
  return {
    state: RETENTION_STATES[state],
    maxAge,
    maxAgeByLevel: byLevel,
    maxBytes,
    deleted,
    lastRunTime: toOptionalTimestamp(lastRunAt),
    nextRunTime: toOptionalTimestamp(nextRunAt),
    reason,
  };
}

function toOptionalTimestamp(milliseconds: number | undefined): Timestamp | undefined {
  return milliseconds === undefined ? undefined : toTimestamp(milliseconds);
}
