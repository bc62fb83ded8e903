import { workerData } from 'node:worker_threads';
import type { Driver, SqliteConnection } from '../sqlite/driver';
import { loadDriver } from '../sqlite/open';
import { openReadOnly } from '../sqlite/open-read-only';
import type { WorkerCallContext, WorkerHandlers } from '../thread/messages';
import { serve } from '../thread/serve';
import { isBroken, translateError } from '../thread/translate-error';
import { countDocuments, getDocument, listDocuments } from './documents';
import { ReadOnlyConnection } from './read-only-connection';
import { getEvent, readStatus } from './reads';
import { facets, histogram } from './counts';
import { scan, scanLines } from './scan';
import type { ReadOnlyStoreSetting } from './store-protocol';
import { STORE_KIND } from './store-schema';

const { driverPlace, path, copyFolder } = workerData as ReadOnlyStoreSetting;

let driver: Driver | undefined;

const storeConnection = new ReadOnlyConnection(
  () => openReadOnly((driver ??= loadDriver(driverPlace)), { path, kind: STORE_KIND, copyFolder }),
  (error) => isBroken(driver?.codeOf(error)),
);

const reads =
  <T>(work: (open: SqliteConnection, payload: T, context: WorkerCallContext) => unknown) =>
  (payload: T, context: WorkerCallContext) => {
    const isCancelled = (): boolean => storeConnection.isInterrupted || context.isCancelled();
    return storeConnection.read((open) => work(open, payload, { isCancelled }));
  };

const handlers = {
  open: reads(() => {}),
  get: reads(getEvent),
  query: reads(scan),
  queryLines: reads(scanLines),
  histogram: reads(histogram),
  facets: reads(facets),
  status: reads(readStatus),
  getDocument: reads(getDocument),
  listDocuments: reads(listDocuments),
  countDocuments: reads(countDocuments),
  close: () => storeConnection.close(),
} satisfies WorkerHandlers;

serve(handlers, (error) =>
  translateError(error, driver, path, {
    full: 'VIGILANT_STORE_FULL',
    unavailable: 'VIGILANT_STORE_UNAVAILABLE',
  }),
);
