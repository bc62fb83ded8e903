import type { VigilantStatus } from '@vigilant/core';
import type { GetStatusResponse } from '../generated/vigilant-v1';
import { GetStatusResponse_State as State } from '../generated/vigilant-v1';

const STATES: Readonly<Record<VigilantStatus['state'], State>> = {
  idle: State.STATE_IDLE,
  ready: State.STATE_READY,
  degraded: State.STATE_DEGRADED,
  closing: State.STATE_CLOSING,
  closed: State.STATE_CLOSED,
};

/** Converts the status of an engine to the response of `GetStatus`. */
export function toStatusMessage(status: VigilantStatus): GetStatusResponse {
  const { state, reasons, broker, store, scheduler, intake, tails } = status;
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
  };
}
