import type { AdapterContext } from '@vigilant/core';
import { prepareFile, warnIfRemote } from '../host/files';
import type {
  CommitRequest,
  CommitResult,
  ObserveRequest,
  Observed,
  OpenJournalRequest,
  OpenedJournal,
  RaisedBarrier,
  ReadBatch,
  ReadRequest,
} from '../journal/journal-protocol';
import { findLibrary } from '../host/library';
import type { ResolvedSqliteBrokerOptions } from './broker-options';
import { startWorker } from '../thread/restarting-worker';
import { isLostCall } from '../thread/worker-thread';
import source from '../journal/worker?worker';

const COMPONENT = 'sqlite-broker';

/** Calls the thread of the journal. Calls that can be repeated are repeated when the thread dies. */
export interface JournalClient {
  /** Why no thread accepts calls at present. */
  readonly failureReason: string | undefined;
  /** Rejects when the thread dies. Then the outcome is unknown. */
  commit(request: CommitRequest): Promise<CommitResult>;
  /** Resolves once a dead thread has been restarted; rejects if the next attempt fails. */
  restarted(): Promise<void>;
  read(request: ReadRequest): Promise<readonly ReadBatch[]>;
  observe(request: ObserveRequest): Promise<Observed>;
  raise(): Promise<RaisedBarrier>;
  isPending(through: number): Promise<boolean>;
  settle(owner: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens a journal. @param begin - Called with its content, now and after each restart of the thread. */
export async function startJournalClient(
  path: string,
  { maxBytes, driver }: ResolvedSqliteBrokerOptions,
  context: AdapterContext,
  begin: (opened: OpenedJournal) => void,
): Promise<JournalClient> {
  const driverPlace = findLibrary(driver);
  const file = prepareFile(path, 'VIGILANT_BROKER_UNAVAILABLE');
  warnIfRemote(file, COMPONENT, context.diagnostics);
  let database: string | undefined;
  const worker = await startWorker({
    source,
    context,
    name: COMPONENT,
    lostCode: 'VIGILANT_BROKER_UNAVAILABLE',
    workerData: { driverPlace, path: file, capacityBytes: maxBytes },
    prepare: async (call) => {
      const opened = await call<OpenedJournal>('open', { database } satisfies OpenJournalRequest);
      database = opened.database;
      begin(opened);
    },
  });

  const ask = async <T>(method: string, payload?: unknown): Promise<T> => {
    for (;;) {
      try {
        return await worker.call<T>(method, payload);
      } catch (error) {
        if (!isLostCall(error)) throw error;
        await worker.ready();
      }
    }
  };
  return {
    get failureReason() {
      return worker.failureReason;
    },
    commit: (request) => worker.call('commit', request, { transfer: [request.bodies] }),
    restarted: () => worker.ready(),
    read: (request) => ask('read', request),
    observe: (request) => ask('observe', request),
    raise: () => ask('raise'),
    isPending: (through) => ask('isPending', through),
    settle: (owner) => ask('settle', owner),
    close: () => worker.close(),
  };
}
