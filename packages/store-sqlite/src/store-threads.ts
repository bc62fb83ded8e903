import type { AdapterContext, Timer } from '@vigilant/core';
import { prepareFile, warnIfRemote } from './files';
import { findLibrary } from './library';
import type { StoreRole, StoreSetting } from './store/protocol';
import { LOG_REPLACED } from './store/protocol';
import { identityOf } from './worker/file-identity';
import type { RunningWorker } from './worker/host';
import { startWorker } from './worker/host';
import source from './worker/store-main?worker';

const COMPONENT = 'sqlite-store';

/** Interval at which the files are checked even without calls, in milliseconds. */
const CHECK_MS = 1_000;

/** The threads of an open store. */
export interface StoreThreads {
  readonly writer: RunningWorker;
  readonly reader: RunningWorker;
  close(): Promise<void>;
}

/** Starts the threads of a store; creates its file if there is none. */
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
      onNotice: (notice) => void (notice === LOG_REPLACED && reopen()),
    });
    running.push(worker);
    return worker;
  };
  // The writer brings the schema up to date before the reader opens the file.
  const writer = await start('writer');
  try {
    const reader = await start('reader');
    const stopChecks = repeatCheck(context, () => writer.call('refresh'));
    return {
      writer,
      reader,
      async close() {
        stopChecks();
        await reader.close('close');
        await writer.close('close');
      },
    };
  } catch (error) {
    await writer.close('close');
    throw error;
  }
}

/** Creates a function that closes the connections of all threads before it opens any again. */
function createReopen(
  file: string,
  threads: readonly RunningWorker[],
  { diagnostics }: AdapterContext,
): () => void {
  let isReopening = false;
  let isRequested = false;
  const reopen = async (): Promise<void> => {
    isReopening = true;
    while (isRequested) {
      isRequested = false;
      report();
      // A thread that dies has no connection either. The writer resumes first, because it may have to append again.
      for (const method of ['release', 'resume'])
        for (const thread of threads) await thread.call(method).catch(() => {});
    }
    isReopening = false;
  };
  const report = (): void =>
    diagnostics({
      level: 'warn',
      component: COMPONENT,
      code: 'log-replaced',
      message:
        `Another process deleted the write-ahead log of ${file}. The file is opened again. ` +
        'If this process opens and closes the file itself, such as to copy it, that releases the locks of SQLite. ' +
        'Copy it from another process instead.',
      details: { file },
    });
  return () => {
    isRequested = true;
    if (!isReopening) void reopen();
  };
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
