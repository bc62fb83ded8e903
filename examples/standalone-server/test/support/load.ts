import type { GrpcClient } from '@vigilant/grpc';
import { randomUUID } from 'node:crypto';

const PERIOD_MS = 50;

/** Seconds of load that may be unacknowledged. A machine that cannot keep up gets less load. */
const OPEN_SECONDS = 10;

/** A load of events at a steady rate, each of which is sent until it is acknowledged. */
export interface Load {
  /** Ids of the events acknowledged so far. */
  readonly acknowledged: readonly string[];
  /** Logs no further events; resolves once all are acknowledged. */
  stop(): Promise<void>;
}

/** Starts to log through each client. A batch with an unknown outcome is sent again with the same ids. */
export function startLoad(clients: readonly GrpcClient[], perSecond: number): Load {
  const acknowledged: string[] = [];
  const sending = new Set<Promise<void>>();
  const started = performance.now();
  let logged = 0;
  /** Number of events that were skipped because too many were unacknowledged. */
  let skipped = 0;

  const send = async (client: GrpcClient, ids: readonly string[]): Promise<void> => {
    let open = ids;
    while (open.length > 0) {
      const events = open.map((id) => ({ id, message: `load ${id}` }));
      try {
        const { results } = await client.logBatch(events);
        const accepted = new Set(results.flatMap((result) => ('id' in result ? [result.id] : [])));
        acknowledged.push(...accepted);
        open = open.filter((id) => !accepted.has(id));
      } catch {
        await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
      }
    }
  };

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - started) / 1_000) * perSecond) - logged - skipped;
    if (logged - acknowledged.length > OPEN_SECONDS * perSecond) {
      skipped += due;
      return;
    }
    const portion = Math.ceil(due / clients.length);
    for (const client of clients) {
      const ids = Array.from({ length: portion }, () => randomUUID());
      logged += portion;
      const sent: Promise<void> = send(client, ids).finally(() => sending.delete(sent));
      sending.add(sent);
    }
  }, PERIOD_MS);

  return {
    acknowledged,
    async stop() {
      clearInterval(timer);
      await Promise.all(sending);
    },
  };
}
