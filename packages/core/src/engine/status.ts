import type { VigilantStatus } from '../contracts/status';
import type { Opener } from './opener';
import type { EngineParts } from './wiring';

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

/** Collects the status of every part of an engine. */
export async function readStatus(
  { lifecycle, adapters, deadLetterQueue, ingest, hub }: EngineParts,
  capabilities: VigilantStatus['capabilities'],
): Promise<VigilantStatus> {
  const { phase } = lifecycle;
  const { brokerOpener, storeOpener, scheduler } = adapters;
  const broker = adapters.broker.status();
  const isStoreOpen = storeOpener.state === 'open' && phase !== 'closed';
  const store = isStoreOpen ? await adapters.store.status().catch(() => undefined) : undefined;
  const reasons: string[] = [];
  const note = (part: string, reason: string | undefined): void => {
    if (reason !== undefined) reasons.push(`${part}: ${reason}`);
  };
  if (phase !== 'closed') {
    note('broker', reasonOfOpener(brokerOpener) ?? reasonOfState(broker));
    note('store', reasonOfOpener(storeOpener) ?? (store === undefined ? undefined : reasonOfState(store)));
    if (isStoreOpen && store === undefined) note('store', 'it does not respond');
    note('scheduler', scheduler?.failureReason);
    note('dead letters', await deadLetterQueue.failureReason());
  }
  const isIdle = brokerOpener.state === 'idle' && storeOpener.state === 'idle';
  const whenRunning = reasons.length > 0 ? 'degraded' : isIdle ? 'idle' : 'ready';
  const status = {
    state: phase === 'running' ? whenRunning : phase,
    reasons,
    capabilities,
    broker,
    scheduler: scheduler?.status() ?? SCHEDULER_IDLE,
    intake: ingest.status(),
    tails: hub.readers,
  } as const;
  return store === undefined ? status : { ...status, store };
}

function reasonOfOpener({ state, failureReason }: Opener): string | undefined {
  return failureReason ?? (state === 'opening' ? 'it is not open yet' : undefined);
}

function reasonOfState(status: { readonly state: string; readonly reason?: string }): string | undefined {
  return status.state === 'degraded' ? (status.reason ?? 'degraded') : undefined;
}
