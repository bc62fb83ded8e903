import type { EventInput, QueryOptions, Vigilant } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import type { SingleEventReader } from '@vigilant/core/adapter';
import { logFrom } from '@vigilant/core/adapter';
import type { GetLogsRequest, Log, LogService } from '../generated/logger';
import { invalidField } from '../wire/invalid-field';
import { fromLog, toFilter, toLog } from '../wire/legacy-log';
import type { Call, CallContext } from './call';
import { toGetMs, toSearchMs } from './time-limits';
import type { ImplementedService } from './service';
import { implementService } from './service';
import { findTakenIds } from './taken-ids';

/** Default limit of the predecessor. */
const DEFAULT_LIMIT = 100;

const PAGE_EVENTS = 1_000;

/** How long the response waits until the store has looked up an id, in milliseconds. */
const CHECK_MS = 1_000;

/** Creates the predecessor's service `logger.LogService`. */
export function createLoggerService(vigilant: Vigilant, context: CallContext): ImplementedService {
  return implementService<LogService>(
    'logger.LogService',
    {
      async SendLog(log, { signal }) {
        const reader = { readInput: () => fromLog(log) };
        const [idTaken] = await Promise.all([isIdTaken(vigilant, reader, signal), logFrom(vigilant, reader)]);
        return idTaken ? { success: false, idTaken } : { success: true };
      },
      GetLogs: (request, call) => findLogs(vigilant, request, call),
      async GetLog({ id = 0 }, { signal, remainingMs }) {
        if (id === 0) throw invalidField('VIGILANT_QUERY_INVALID', 'id', 'required', 'is required');
        const event = await vigilant.get(String(id), { signal, deadlineMs: toGetMs(remainingMs()) });
        if (event === undefined)
          throw new VigilantError('VIGILANT_NOT_FOUND', `There is no log with the id ${id}.`);
        return toLog(event);
      },
    },
    context,
  );
}

/**
 * Returns whether an id is stored with different content: clients of the predecessor count ids from 1 after each start. The id
 * of an invalid input counts as free.
 */
async function isIdTaken(
  vigilant: Vigilant,
  reader: SingleEventReader,
  signal: AbortSignal,
): Promise<boolean> {
  let input: EventInput;
  try {
    input = reader.readInput(0);
  } catch {
    return false;
  }
  if (input.id === undefined) return false;
  const taken = await findTakenIds(vigilant, [input], { timeoutMs: CHECK_MS, signal });
  return taken.has(0);
}

async function* findLogs(
  vigilant: Vigilant,
  request: GetLogsRequest,
  { signal, remainingMs }: Call,
): AsyncGenerator<Log> {
  const filter = toFilter(request);
  let skip = request.offset ?? 0;
  let remaining = request.limit || DEFAULT_LIMIT;
  let cursor: string | undefined;
  do {
    const limit = Math.min(PAGE_EVENTS, skip + remaining);
    const options: QueryOptions = { limit, deadlineMs: toSearchMs(remainingMs()), signal };
    const page = await vigilant.query(filter, cursor === undefined ? options : { ...options, cursor });
    const { events, nextCursor } = page;
    for (const event of events.slice(skip, skip + remaining)) {
      yield toLog(event);
      remaining -= 1;
    }
    skip = Math.max(0, skip - events.length);
    cursor = nextCursor;
  } while (cursor !== undefined && remaining > 0);
}
