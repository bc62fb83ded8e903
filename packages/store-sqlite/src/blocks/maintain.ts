import type { SqliteConnection } from '../sqlite/driver';
import type { WorkerCallContext } from '../thread/messages';
import type { BlockLimits } from './block-limits';
import { mergeIdRuns } from './merge-id-runs';
import { rebuildIds } from './rebuild-ids';
import { seal } from './seal';

/** Seals rows, merges runs of ids and replaces damaged ones, as far as necessary. Other calls run between the steps. */
export async function maintain(
  connection: SqliteConnection,
  context: WorkerCallContext,
  limits: BlockLimits,
): Promise<void> {
  await seal(connection, context, limits);
  await mergeIdRuns(connection, context);
  await rebuildIds(connection, context);
}
