import { createWakeup, sleep } from '@vigilant/core';
import type { AdapterContext, Delivery } from '@vigilant/core';
import type { Assignment, IncomingBatch, KafkaClient } from '../contracts/kafka-client';
import type { Committer } from './offset-committer';
import { createCommitter } from './offset-committer';
import { decodeRecords } from './decode-records';
import { createInbox } from './fetched-records';
import type { ResolvedKafkaOptions } from '../contracts/kafka-options';
import type { Offsets, Progress } from '../offsets/group-progress';
import type { PartitionRun } from './partition-deliveries';
import { createPartitionRun } from './partition-deliveries';
import { consumeUntil, supervise } from './supervise';

const FETCH_BYTES = 4 * 1024 * 1024;

/** Bytes fetched ahead of what is asked for. */
const INBOX_BYTES = 4 * 1024 * 1024;

/** Short, as the others of the group wait for whoever has not noticed that it changes, in milliseconds. */
const FETCH_WAIT_MS = 1_000;

/** How long a flush is waited for: whoever still needs it asks again, in milliseconds. */
const FLUSH_MS = 2_000;

/** How often a waiting batch says that it is alive, in milliseconds. */
const HEARTBEAT_MS = 500;

/** How consuming goes. */
export interface ConsumptionHealth {
  /** Why it does not work at the moment. */
  readonly trouble: string | undefined;
  /** It has its share of the partitions; otherwise it waits for the group. */
  readonly isMember: boolean;
  /** When Kafka last answered a fetch, or a batch was waiting for room, on the monotonic clock. */
  readonly lastActivity: number;
  /** The time of the oldest record that is not finished, in milliseconds. */
  readonly oldest: number | undefined;
}

/** Takes records as a member of the group and hands them over as deliveries. */
export interface GroupConsumption extends ConsumptionHealth {
  /** The next delivery; `undefined` when it has ended. */
  next(maxBytes: number): Promise<Delivery | undefined>;
  /** Everything up to these ends shall be written as soon as it was handed over. */
  flushThrough(ends: Offsets): void;
  /** Ends it without leaving the group yet. */
  end(): void;
  /** Leaves the group. */
  stop(): Promise<void>;
}

/** What a consumption works with. */
export interface GroupConsumptionParts {
  readonly client: KafkaClient;
  readonly options: ResolvedKafkaOptions;
  readonly context: AdapterContext;
  readonly progress: Progress;
  /** The group has shared out the partitions. */
  readonly onAssigned: () => void;
}

/** The partitions owned, from one change of the group to the next. */
interface Term {
  readonly assignment: Assignment;
  readonly committer: Committer;
  readonly runs: ReadonlyMap<number, PartitionRun>;
  /** Ends that a flush was handed over for. */
  readonly flushed: Map<number, number>;
}

/** Starts to consume. */
export function startGroupConsumption(parts: GroupConsumptionParts): GroupConsumption {
  const { client, options, context, progress, onAssigned } = parts;
  const { clock, diagnostics } = context;
  const { topic, groupId } = options;
  const ending = new AbortController();
  const arrived = createWakeup();
  const inbox = createInbox(INBOX_BYTES);
  const flushEnds = new Map<number, { readonly end: number; readonly until: number }>();
  let hasRoom = Promise.resolve();
  let tellRoom = (): void => {};
  let term: Term | undefined;
  let trouble: string | undefined;
  let lastActivity = clock.monotonic();

  const report = (code: string, message: string, error: unknown): void =>
    diagnostics({ level: 'warn', component: 'kafka', code, message, error });

  const leaveTerm = (): void => {
    term = undefined;
    flushEnds.clear();
    inbox.clear();
    tellRoom();
  };

  const enterTerm = (assignment: Assignment): void => {
    leaveTerm();
    trouble = undefined;
    onAssigned();
    const committer = createCommitter({
      ...{ assignment, topic, clock, onCommitted: progress.noteCommitted },
      onFailure: (error) =>
        report('commit-failed', 'A position could not be committed; it is tried again.', error),
    });
    const partitions = assignment.partitions.get(topic) ?? [];
    const runs = new Map(partitions.map((partition) => [partition, createPartitionRun()]));
    const entered: Term = { assignment, committer, runs, flushed: new Map() };
    term = entered;
    assignment.signal.addEventListener('abort', () => {
      if (term === entered) leaveTerm();
      arrived.wake();
    });
    void learnPositions(entered);
  };

  /** Partitions without anything new have a position too. */
  const learnPositions = async ({ runs, assignment }: Term): Promise<void> => {
    while (!assignment.signal.aborted) {
      try {
        await progress.refresh();
        for (const [partition, run] of runs) run.startAt(progress.positionOf(partition));
        return arrived.wake();
      } catch {
        await sleep(clock, HEARTBEAT_MS, assignment.signal).catch(() => {});
      }
    }
  };

  /** Takes a batch, and waits while too much is held: not asking for more is what keeps memory bounded. */
  const take = async (batch: IncomingBatch, heartbeat: () => Promise<void>): Promise<void> => {
    const current = term;
    if (current === undefined || !current.runs.has(batch.partition)) return;
    inbox.add(batch);
    progress.noteEnd(batch.partition, batch.next);
    arrived.wake();
    while (inbox.isFull && term === current && !ending.signal.aborted) {
      hasRoom = new Promise((resolve) => (tellRoom = resolve));
      const pause = new AbortController();
      await Promise.race([hasRoom, sleep(clock, HEARTBEAT_MS, pause.signal).catch(() => {})]);
      pause.abort();
      lastActivity = clock.monotonic();
      await heartbeat();
    }
  };

  const live = (signal: AbortSignal): Promise<Error | undefined> =>
    consumeUntil(signal, client, {
      group: groupId,
      instanceId: options.instanceId,
      topics: [topic],
      from: 'earliest',
      sessionTimeoutMs: options.sessionTimeoutMs,
      fetchWaitMs: FETCH_WAIT_MS,
      fetchBytes: FETCH_BYTES,
      onAssigned: enterTerm,
      onBatch: take,
      onActivity: () => (lastActivity = clock.monotonic()),
    });
  const running = supervise(clock, ending.signal, live, (error, failures) => {
    trouble = `consuming from Kafka failed (${failures} in a row): ${error.message}`;
    report('consumer-failed', 'Consuming failed and begins again.', error);
  });

  /** Up to where a partition is asked to be flushed. */
  const flushEndOf = (partition: number): number => {
    const asked = flushEnds.get(partition);
    return asked === undefined || clock.monotonic() > asked.until ? 0 : asked.end;
  };
  /** Whether everything that a flush is asked for was handed over, and not told yet. */
  const isFlushDue = ({ runs, flushed }: Term): boolean => {
    let isDue = false;
    for (const [partition, { handedOver }] of runs) {
      const end = flushEndOf(partition);
      if (end > 0 && (handedOver === undefined || handedOver < end)) return false;
      if (end > (flushed.get(partition) ?? 0)) isDue = true;
    }
    return isDue;
  };
  const takeFlush = (current: Term): boolean => {
    if (!isFlushDue(current)) return false;
    for (const partition of current.runs.keys()) current.flushed.set(partition, flushEndOf(partition));
    return true;
  };

  const nextDelivery = async (current: Term, maxBytes: number): Promise<Delivery | undefined> => {
    const { signal } = current.assignment;
    const portion = inbox.take(maxBytes);
    if (!inbox.isFull) tellRoom();
    if (portion === undefined) {
      if (!takeFlush(current)) return undefined;
      return { events: [], malformed: [], flush: true, signal, ack: async () => {} };
    }
    const { partition, records, bytes, next } = portion;
    const decoded = await decodeRecords(context, `${topic}/${partition}`, records);
    const run = current.runs.get(partition);
    if (run === undefined || signal.aborted) return undefined;
    progress.noteSize(records.length, bytes);
    const finish = run.handOver(next, records[0]?.timestamp ?? clock.now());
    const ack = async (): Promise<void> => {
      const through = finish();
      if (through !== undefined) await current.committer.commit(partition, through);
    };
    if (records.length > 0) return { ...decoded, flush: takeFlush(current), signal, ack };
    // Only markers of transactions: nobody needs to be asked.
    void ack();
    return nextDelivery(current, maxBytes);
  };

  return {
    async next(maxBytes) {
      while (!ending.signal.aborted) {
        const delivery = term === undefined ? undefined : await nextDelivery(term, maxBytes);
        if (ending.signal.aborted) return undefined;
        if (delivery !== undefined) return delivery;
        if (inbox.isEmpty) await arrived.wait();
      }
      return undefined;
    },
    flushThrough(ends) {
      const until = clock.monotonic() + FLUSH_MS;
      for (const [partition, end] of ends)
        if (term?.runs.has(partition) && end >= flushEndOf(partition))
          flushEnds.set(partition, { end, until });
      arrived.wake();
    },
    end() {
      ending.abort();
      arrived.wake();
      tellRoom();
    },
    async stop() {
      this.end();
      await running;
    },
    get trouble() {
      return trouble;
    },
    get isMember() {
      return term !== undefined;
    },
    get lastActivity() {
      return lastActivity;
    },
    get oldest() {
      const times = [...(term?.runs.values() ?? [])].flatMap(({ oldest }) => oldest ?? []);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
