import type { GrpcClient } from '@vigilant/grpc';
import type { Load } from './load';

const PERIOD_MS = 2_000;

/** Acknowledged events that one query asks for. */
const SAMPLE = 50;

/** Longer than the acknowledgement of any event takes. */
const SINCE = '5m';

/** Counts the answers to queries during a load. */
export interface FreshnessChecks {
  /** Number of answers that claimed to be complete and were. */
  readonly complete: number;
  readonly incomplete: number;
  /** Number of queries that failed because a server was down. */
  readonly failed: number;
  /** Number of answers that claimed to be complete and lacked an event that was acknowledged before. */
  readonly falselyComplete: number;
  stop(): Promise<void>;
}

/** Queries the servers in turn for the latest acknowledged events until it is stopped. */
export function startFreshnessChecks(clients: readonly GrpcClient[], load: Load): FreshnessChecks {
  const counts = { complete: 0, incomplete: 0, falselyComplete: 0, failed: 0 };
  let isOver = false;

  const check = async (client: GrpcClient): Promise<void> => {
    const wanted = load.acknowledged.slice(-SAMPLE);
    if (wanted.length === 0) return;
    const filter = `id:${wanted.join(',')}`;
    const { events, freshness } = await client.query(filter, { since: SINCE, limit: SAMPLE });
    if (!freshness.complete) counts.incomplete += 1;
    else if (new Set(events.map(({ id }) => id)).size < wanted.length) counts.falselyComplete += 1;
    else counts.complete += 1;
  };

  const checkAll = async (): Promise<void> => {
    for (let turn = 0; !isOver; turn += 1) {
      const client = clients[turn % clients.length];
      if (client !== undefined) await check(client).catch(() => (counts.failed += 1));
      await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
    }
  };
  const running = checkAll();

  return Object.assign(counts, {
    async stop() {
      isOver = true;
      await running;
    },
  });
}
