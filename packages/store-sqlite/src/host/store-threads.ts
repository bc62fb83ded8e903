import type { AdapterContext, Timer } from '@vigilant/core';
import { prepareFile, warnIfRemote } from './files';
import { findLibrary } from './library';
import type { LogChange, StoreRole, StoreSetting } from '../store/store-protocol';
import { LOG_CHANGED, RECENT_MS } from '../store/store-protocol';
import { identityOf } from '../sqlite/file-identity';
import type { RunningWorker } from '../thread/restarting-worker';
import { startWorker } from '../thread/restarting-worker';
import source from '../store/worker?worker';

const COMPONENT = 'sqlite-store';

/** Interval at which the files are checked even without calls, in milliseconds. */
const CHECK_MS = 1_000;

/** The threads of an open store. */
export interface StoreThreads {
  readonly writer: RunningWorker;
  readonly reader: RunningWorker;
  close(): Promise<void>;
}

/** Starts the threads of a store. Creates its file if it does not exist. */
export async function startStoreThreads(path: string, context: AdapterContext): Promise<StoreThreads> {
  const library = findLibrary();
  const file = prepareFile(path, 'VIGILANT_STORE_UNAVAILABLE');
  warnIfRemote(file, COMPONENT, context.diagnostics);
  const database = identityOf(file) ?? 'missing';
  const running: RunningWorker[] = [];
  const reopen = createReopen(file, running, context);
  const start = async (role: StoreRole): Promise<RunningWorker> => {
    const workerData: StoreSetting = { library, path: file, role, database };
    const worker = await startWorker({
      source,
      context,
      name: `${COMPONENT} ${role}`,
      lostCode: 'VIGILANT_STORE_UNAVAILABLE',
      workerData,
      prepare: (call) => call('open'),
      onNotice: (notice, payload) => void (notice === LOG_CHANGED && reopen(payload as LogChange)),
    });
    running.push(worker);
    return worker;
  };
  // The writer migrates the schema before the reader opens the file.
  const writer = await start('writer');
  try {
    const reader = await start('reader');
    const stopChecks = repeatCheck(context, () => writer.call('refresh'));
    return {
      writer,
      reader,
      async close() {
        stopChecks();
        await reader.close();
        await writer.close();
      },
    };
  } catch (error) {
    await writer.close();
    throw error;
  }
}

/** Creates a function that closes the connections of all threads before it opens any again. */
function createReopen(
  file: string,
  threads: readonly RunningWorker[],
  { diagnostics }: AdapterContext,
): (change: LogChange) => void {
  let isReopening = false;
  let requested: LogChange | undefined;
  const reopen = async (): Promise<void> => {
    isReopening = true;
    while (requested !== undefined) {
      const change = requested;
      requested = undefined;
      const message = messageOf(file, change);
      diagnostics({ level: 'warn', component: COMPONENT, code: 'log-replaced', message, details: { file } });
      // A thread that dies has no connection either. The writer resumes first, because it may have to append again.
      for (const thread of threads) await thread.call('release', change).catch(() => {});
      for (const thread of threads) await thread.call('resume').catch(() => {});
    }
    isReopening = false;
  };
  return (change) => {
    requested = { isTruncated: change.isTruncated || requested?.isTruncated === true };
    if (!isReopening) void reopen();
  };
}

function messageOf(file: string, { isTruncated }: LogChange): string {
  return isTruncated
    ? `The write-ahead log ${file}-wal was truncated while it was open. Events that were stored more than ` +
        `${RECENT_MS / 1000} s ago may be lost. The file is opened again with a new epoch. ` +
        'Do not change this file while a process uses it.'
    : `Another process deleted the write-ahead log of ${file}. The file is opened again. ` +
        'If this process opens and closes the file itself, such as to copy it, that releases the locks of SQLite. ' +
        'Copy it from another process instead.';
}

/** Repeats a check periodically. Returns the function that stops it. */
function repeatCheck({ clock }: AdapterContext, check: () => Promise<unknown>): () => void {
  let timer: Timer | undefined;
  let isStopped = false;
  const schedule = (): void => {
    if (isStopped) return;
    timer = clock.after(CHECK_MS, () => void check().then(schedule, schedule));
  };
  schedule();
  return () => {
    isStopped = true;
    timer?.cancel();
  };
}
