import type { AdapterContext, Timer } from '@vigilant/core';
import type { SqliteDriver } from './driver-option';
import { prepareFile, warnIfRemote } from './files';
import { findLibrary } from './library';
import type { BlockLimits, LogChange, StoreRole, StoreSetting } from '../store/store-protocol';
import { DAMAGE_CHANGED, LOG_CHANGED } from '../store/store-protocol';
import { STORE_COMPONENT, createReopen } from './reopen';
import { identityOf } from '../sqlite/file-identity';
import type { RunningWorker } from '../thread/restarting-worker';
import { startWorker } from '../thread/restarting-worker';
import source from '../store/worker?worker';

/** Interval of the calls that check the files, and that seal rows, in milliseconds. */
const REPEAT_MS = 1_000;

/** The threads of an open store. */
export interface StoreThreads {
  readonly writer: RunningWorker;
  readonly reader: RunningWorker;
  /** Describes the damage that the writer has met; `undefined` if there is none. */
  readonly damage: string | undefined;
  close(): Promise<void>;
}

/** Starts the threads of a store. Creates its file if it does not exist. */
export async function startStoreThreads(
  path: string,
  driver: SqliteDriver | undefined,
  limits: BlockLimits | undefined,
  context: AdapterContext,
): Promise<StoreThreads> {
  const driverPlace = findLibrary(driver);
  const file = prepareFile(path, 'VIGILANT_STORE_UNAVAILABLE');
  warnIfRemote(file, STORE_COMPONENT, context.diagnostics);
  const database = identityOf(file) ?? 'missing';
  const running: RunningWorker[] = [];
  const reopen = createReopen(file, running, context);
  let damage: string | undefined;
  const onNotice = (notice: string, payload: unknown): void => {
    if (notice === LOG_CHANGED) void reopen(payload as LogChange);
    if (notice === DAMAGE_CHANGED) damage = payload as string | undefined;
  };
  const start = async (role: StoreRole): Promise<RunningWorker> => {
    const workerData: StoreSetting = { driverPlace, path: file, role, database, limits };
    const worker = await startWorker({
      source,
      context,
      name: `${STORE_COMPONENT} ${role}`,
      lostCode: 'VIGILANT_STORE_UNAVAILABLE',
      workerData,
      prepare: (call) => call('open'),
      onNotice,
    });
    running.push(worker);
    return worker;
  };
  // The writer migrates the schema before the reader opens the file.
  const writer = await start('writer');
  try {
    const reader = await start('reader');
    let maintenance: Promise<unknown> | undefined;
    const stopChecks = repeat(context, async () => {
      // The files are also checked while rows are sealed.
      if (await writer.call<boolean>('refresh'))
        maintenance ??= writer
          .call('maintain')
          .catch(() => {})
          .finally(() => (maintenance = undefined));
    });
    return {
      writer,
      reader,
      get damage() {
        return damage;
      },
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

/** Repeats a call periodically. Returns the function that stops it. */
function repeat({ clock }: AdapterContext, call: () => Promise<unknown>): () => void {
  let timer: Timer | undefined;
  let isStopped = false;
  const schedule = (): void => {
    if (isStopped) return;
    timer = clock.after(REPEAT_MS, () => void call().then(schedule, schedule));
  };
  schedule();
  return () => {
    isStopped = true;
    timer?.cancel();
  };
}
