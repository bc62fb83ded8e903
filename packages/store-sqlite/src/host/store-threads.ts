import type { AdapterContext, Timer } from '@vigilant/core';
import type { SqliteDriver } from './driver-option';
import { prepareFile, warnIfRemote } from './files';
import { findLibrary } from './library';
import type { LogChange, StoreRole, StoreSetting } from '../store/store-protocol';
import { LOG_CHANGED } from '../store/store-protocol';
import { STORE_COMPONENT, createReopen } from './reopen';
import { identityOf } from '../sqlite/file-identity';
import type { RunningWorker } from '../thread/restarting-worker';
import { startWorker } from '../thread/restarting-worker';
import source from '../store/worker?worker';

/** Interval at which the files are checked even without calls, in milliseconds. */
const CHECK_MS = 1_000;

/** The threads of an open store. */
export interface StoreThreads {
  readonly writer: RunningWorker;
  readonly reader: RunningWorker;
  close(): Promise<void>;
}

/** Starts the threads of a store. Creates its file if it does not exist. */
export async function startStoreThreads(
  path: string,
  driver: SqliteDriver | undefined,
  context: AdapterContext,
): Promise<StoreThreads> {
  const driverPlace = findLibrary(driver);
  const file = prepareFile(path, 'VIGILANT_STORE_UNAVAILABLE');
  warnIfRemote(file, STORE_COMPONENT, context.diagnostics);
  const database = identityOf(file) ?? 'missing';
  const running: RunningWorker[] = [];
  const reopen = createReopen(file, running, context);
  const start = async (role: StoreRole): Promise<RunningWorker> => {
    const workerData: StoreSetting = { driverPlace, path: file, role, database };
    const worker = await startWorker({
      source,
      context,
      name: `${STORE_COMPONENT} ${role}`,
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
