import type { AdapterContext } from '@vigilant/core';
import type { SqliteDriver } from './driver-option';
import { prepareFile, warnIfRemote } from './files';
import { findLibrary } from './library';
import type { BlockLimits, LogChange, StoreRole, StoreSetting } from '../store/store-protocol';
import { DAMAGE_CHANGED, LOG_CHANGED } from '../store/store-protocol';
import { STORE_COMPONENT, createReopen } from './reopen';
import { identityOf } from '../sqlite/file-identity';
import type { RunningWorker } from '../thread/restarting-worker';
import { startWorker } from '../thread/restarting-worker';
import { startMaintenance } from './maintenance';
import source from '../store/worker?worker';

/** The threads of an open store. */
export interface StoreThreads {
  readonly writer: RunningWorker;
  readonly reader: RunningWorker;
  /** Describes the damage that the writer has found; `undefined` if there is none. */
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
    const maintenance = startMaintenance(context.clock, writer.call);
    return {
      writer,
      reader,
      get damage() {
        return damage;
      },
      async close() {
        maintenance.stop();
        await reader.close();
        await writer.close();
      },
    };
  } catch (error) {
    await writer.close();
    throw error;
  }
}
