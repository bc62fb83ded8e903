import type { DeadLetter, Vigilant } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import { decodeEvent } from '@vigilant/core/adapter';
import type { AdminService, DeadLetter as DeadLetterMessage } from '../generated/vigilant-v1';
import { DeadLetter_Reason as Reason } from '../generated/vigilant-v1';
import { toEventMessage } from '../wire/event';
import { toTimestamp } from '../wire/timestamp';
import type { CallContext } from './call';
import { invalidField } from '../wire/invalid-field';
import { toDataFormat, toPageSize } from './request-fields';
import type { ImplementedService } from './service';
import { implementService } from './service';
import { toStatusMessage } from './engine-status';

const MAX_PAGE_SIZE = 1_000;

const REASONS: Readonly<Record<DeadLetter['reason'], Reason>> = {
  rejected: Reason.REASON_REJECTED,
  'id-conflict': Reason.REASON_ID_CONFLICT,
  malformed: Reason.REASON_MALFORMED,
};

/** Creates the service `vigilant.v1.AdminService`. */
export function createAdminService(vigilant: Vigilant, context: CallContext): ImplementedService {
  const { deadLetters } = vigilant;
  return implementService<AdminService>(
    'vigilant.v1.AdminService',
    {
      GetStatus: async () => toStatusMessage(await vigilant.status()),
      async ListDeadLetters({ pageSize, pageToken = '' }) {
        const limit = toPageSize(pageSize, MAX_PAGE_SIZE);
        const options = pageToken === '' ? { limit } : { limit, after: pageToken };
        const { letters, next } = await deadLetters.list(options);
        return { deadLetters: letters.map(toLetterMessage), nextPageToken: next };
      },
      async GetDeadLetter(request) {
        const format = toDataFormat(request.dataFormat);
        const key = required(request.key);
        const found = await deadLetters.get(key);
        if (found === undefined) throw notFound(key);
        const { letter, bytes } = found;
        const content =
          letter.reason === 'malformed'
            ? { record: bytes }
            : { event: toEventMessage(decodeEvent(bytes), format) };
        return { deadLetter: toLetterMessage(letter), ...content };
      },
      async ReplayDeadLetter({ key }) {
        const { id } = await deadLetters.replay(required(key));
        return { id };
      },
      async DeleteDeadLetter(request) {
        const key = required(request.key);
        if (!(await deadLetters.delete(key))) throw notFound(key);
        return {};
      },
    },
    context,
  );
}

function toLetterMessage(letter: DeadLetter): DeadLetterMessage {
  const { key, reason, message, count, at, lastAt, id, position } = letter;
  return {
    key,
    reason: REASONS[reason],
    message,
    id,
    position,
    count,
    firstTime: toTimestamp(at),
    lastTime: toTimestamp(lastAt),
  };
}

function required(key: string = ''): string {
  if (key === '') throw invalidField('VIGILANT_QUERY_INVALID', 'key', 'required', 'is required');
  return key;
}

function notFound(key: string): VigilantError {
  return new VigilantError('VIGILANT_NOT_FOUND', `There is no dead letter with the key "${key}".`);
}
