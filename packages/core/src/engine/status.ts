import type { Broker } from '../contracts/broker';
import type { Store } from '../contracts/store';
import type { DeadLetterQueue } from '../delivery/dead-letter-queue';
import type { Scheduler } from '../delivery/scheduler';
import type { Opener } from './opener';
import type { VigilantStatus } from '../contracts/status';

const SCHEDULER_IDLE: VigilantStatus['scheduler'] = {
  state: 'idle',
  waitingEvents: 0,
  waitingBytes: 0,
  stored: 0,
  duplicates: 0,
  conflicts: 0,
  deadLetters: 0,
  droppedDeadLetters: 0,
  batches: 0,
  failedWrites: 0,
};

/** Dependencies of `readStatus`. */
export interface StatusParts extends Pick<VigilantStatus, 'capabilities' | 'intake' | 'tails'> {
  readonly phase: 'running' | 'closing' | 'closed';
  readonly broker: Broker;
  readonly store: Store;
  readonly brokerOpener: Opener;
  readonly storeOpener: Opener;
  /** `undefined` until broker and store are open. */
  readonly scheduler: Scheduler | undefined;
  readonly deadLetters: DeadLetterQueue;
}

/** Collects the status of every part of an engine. */
export async function readStatus(parts: StatusParts): Promise<VigilantStatus> {
  const { phase, brokerOpener, storeOpener, scheduler, deadLetters, capabilities, intake, tails } = parts;
  const broker = parts.broker.status();
  const isStoreOpen = storeOpener.state === 'open' && phase !== 'closed';
  const store = isStoreOpen ? await parts.store.status().catch(() => undefined) : undefined;
  const reasons: string[] = [];
  const note = (part: string, reason: string | undefined): void => {
    if (reason !== undefined) reasons.push(`${part}: ${reason}`);
  };
  if (phase !== 'closed') {
    note('broker', reasonOfOpener(brokerOpener) ?? reasonOfState(broker));
    note('store', reasonOfOpener(storeOpener) ?? (store === undefined ? undefined : reasonOfState(store)));
    if (isStoreOpen && store === undefined) note('store', 'it does not respond');
    note('scheduler', scheduler?.failureReason);
    note('dead letters', await deadLetters.failureReason());
  }
  const isIdle = brokerOpener.state === 'idle' && storeOpener.state === 'idle';
  const whenRunning = reasons.length > 0 ? 'degraded' : isIdle ? 'idle' : 'ready';
  return {
    state: phase === 'running' ? whenRunning : phase,
    reasons,
    capabilities,
    broker,
    ...(store === undefined ? {} : { store }),
    scheduler: scheduler?.status() ?? SCHEDULER_IDLE,
    intake,
    tails,
  };
}

function reasonOfOpener({ state, failureReason }: Opener): string | undefined {
  return failureReason ?? (state === 'opening' ? 'it is not open yet' : undefined);
}

function reasonOfState(status: { readonly state: string; readonly reason?: string }): string | undefined {
  return status.state === 'degraded' ? (status.reason ?? 'degraded') : undefined;
}
