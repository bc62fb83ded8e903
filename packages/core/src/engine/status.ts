import type { BrokerStatus } from '../contracts/broker';
import type { VigilantStatus } from '../contracts/status';
import type { StoreStatus } from '../contracts/store';
import type { Clock } from '../util/clock';
import { reasonOf } from '../util/errors';
import { withTimeout } from '../util/signals';
import type { Opener } from './opener';
import type { EngineParts } from './wiring';
import { ANSWER_MS } from './wiring';

const SCHEDULER_IDLE: VigilantStatus['scheduler'] = {
  state: 'idle',
  waitingEvents: 0,
  waitingBytes: 0,
  lagMs: 0,
  stored: 0,
  duplicates: 0,
  conflicts: 0,
  deadLetters: 0,
  droppedDeadLetters: 0,
  batches: 0,
  failedWrites: 0,
};

/** Collects the status of every part of an engine. Waits at most `ANSWER_MS` for parts that do not respond. */
export async function readStatus(
  { options, lifecycle, adapters, deadLetterQueue, retention, oldestEvent, intake, hub }: EngineParts,
  capabilities: VigilantStatus['capabilities'],
): Promise<VigilantStatus> {
  const { clock } = options;
  const { phase } = lifecycle;
  const { brokerOpener, storeOpener } = adapters;
  const broker = adapters.broker.status();
  const isClosed = phase === 'closed';
  const isStoreOpen = storeOpener.state === 'open' && !isClosed;
  const [store, oldest, letters] = await Promise.all([
    isStoreOpen ? ask(clock, () => adapters.store.status(), 'it did not respond') : NOT_ASKED,
    isStoreOpen ? ask(clock, () => oldestEvent.read(), 'it did not respond') : NOT_ASKED,
    isClosed ? NOT_ASKED : ask(clock, () => deadLetterQueue.failureReason(), 'they could not be counted'),
  ]);
  const { scheduler } = adapters;
  const reasons = reasonsOf({
    broker: reasonOfOpener(brokerOpener) ?? reasonOfState(broker),
    store: reasonOfOpener(storeOpener) ?? store.failure ?? reasonOfState(store.answer),
    scheduler: scheduler?.failureReason,
    'dead letters': letters.failure ?? letters.answer,
  });
  const isIdle = brokerOpener.state === 'idle' && storeOpener.state === 'idle';
  const whenRunning = reasons.length > 0 ? 'degraded' : isIdle ? 'idle' : 'ready';
  const status = {
    state: phase === 'running' ? whenRunning : phase,
    reasons: isClosed ? [] : reasons,
    capabilities,
    broker,
    scheduler: scheduler?.status() ?? SCHEDULER_IDLE,
    intake: intake.status(),
    tails: hub.readers,
  } as const;
  return {
    ...status,
    ...(store.answer === undefined ? {} : { store: store.answer }),
    ...(oldest.answer === undefined ? {} : { oldestEventAt: oldest.answer }),
    ...(retention === undefined ? {} : { retention: retention.status() }),
  };
}

/** The answer of a part of the engine, or why there is none. */
interface Answer<T> {
  readonly answer?: T;
  readonly failure?: string;
}

const NOT_ASKED: Answer<never> = {};

/** Reads the status of a part of the engine within `ANSWER_MS`. Never rejects. */
async function ask<T>(clock: Clock, read: () => Promise<T>, timeout: string): Promise<Answer<T>> {
  const onTimeout = (): never => {
    throw new Error(`${timeout} within ${ANSWER_MS} ms`);
  };
  try {
    const answer = Promise.resolve().then(read);
    return { answer: await withTimeout(answer, { clock, timeoutMs: ANSWER_MS, onTimeout }) };
  } catch (error) {
    return { failure: reasonOf(error) };
  }
}

/** Lists the reasons by the name of their part. */
function reasonsOf(parts: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(parts).flatMap(([part, reason]) =>
    reason === undefined ? [] : [`${part}: ${reason}`],
  );
}

function reasonOfOpener({ state, failureReason }: Opener): string | undefined {
  return failureReason ?? (state === 'opening' ? 'it is not open yet' : undefined);
}

function reasonOfState(status: BrokerStatus | StoreStatus | undefined): string | undefined {
  return status?.state === 'degraded' ? (status.reason ?? 'degraded') : undefined;
}
