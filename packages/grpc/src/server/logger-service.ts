import type { QueryOptions, Vigilant } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import type { GetLogsRequest, Log, LogService } from '../generated/logger';
import { fromLog, toFilter, toLog } from '../wire/legacy';
import type { Call, CallContext } from './call';
import type { ImplementedService } from './service';
import { implementService } from './service';

/** As in the predecessor. */
const DEFAULT_LIMIT = 100;

const PAGE_EVENTS = 1_000;

/** Serves the predecessor's `logger.LogService`. */
export function createLoggerService(vigilant: Vigilant, context: CallContext): ImplementedService {
  return implementService<LogService>(
    'logger.LogService',
    {
      async SendLog(log) {
        await vigilant.log(fromLog(log));
        return { success: true };
      },
      GetLogs: (request, call) => findLogs(vigilant, request, call),
      async GetLog({ id = 0 }, { signal }) {
        const event = id === 0 ? undefined : await vigilant.get(String(id), { signal });
        if (event === undefined)
          throw new VigilantError('VIGILANT_NOT_FOUND', `There is no log with the id ${id}.`);
        return toLog(event);
      },
    },
    context,
  );
}

async function* findLogs(vigilant: Vigilant, request: GetLogsRequest, { signal }: Call): AsyncGenerator<Log> {
  const filter = toFilter(request);
  let skip = request.offset ?? 0;
  let left = request.limit || DEFAULT_LIMIT;
  let cursor: string | undefined;
  do {
    const options: QueryOptions = { limit: Math.min(PAGE_EVENTS, skip + left), signal };
    const page = await vigilant.query(filter, cursor === undefined ? options : { ...options, cursor });
    for (const event of page.events.slice(skip, skip + left)) {
      yield toLog(event);
      left -= 1;
    }
    skip = Math.max(0, skip - page.events.length);
    cursor = page.nextCursor;
  } while (cursor !== undefined && left > 0);
}
