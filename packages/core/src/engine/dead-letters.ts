import { isKey } from '../delivery/dead-letter';
import type { DeadLetterQueue, FoundDeadLetter } from '../delivery/dead-letter-queue';
import { VigilantError } from '../util/errors';
import type { Event } from '../event/event';
import { checkInteger, checkOptions, checkText } from '../query/limits';
import type { DeadLetters } from '../contracts/dead-letters';

/** Dependencies of the public dead letters API. */
export interface DeadLettersParts {
  readonly queue: DeadLetterQueue;
  readonly open: () => Promise<void>;
  /** Decodes the content of a letter. @throws {VigilantError} `VIGILANT_EVENT_INVALID` */
  readonly decode: (found: FoundDeadLetter) => Event;
  /** Publishes an event; resolves to whether its letter may be deleted unless another event was added to it. */
  readonly publish: (event: Event) => Promise<boolean>;
}

/** Creates the public dead letters API. */
export function createDeadLetters({ queue, open, decode, publish }: DeadLettersParts): DeadLetters {
  return {
    async list(options = {}) {
      checkOptions('deadLetters.list()', options, ['after', 'limit']);
      const { after, limit = 100 } = options;
      checkInteger('limit', limit, 1, 1_000);
      if (after !== undefined && !isKey(after))
        throw new VigilantError(
          'VIGILANT_CURSOR_INVALID',
          'The cursor does not belong to a page of dead letters. Pass `next` of the previous page.',
        );
      await open();
      return queue.list(after === undefined ? { limit } : { limit, after });
    },
    async get(key) {
      checkText('key', key);
      await open();
      const found = await queue.get(key);
      return found === undefined ? undefined : { letter: found.letter, bytes: found.bytes };
    },
    async replay(key) {
      checkText('key', key);
      await open();
      const found = await queue.get(key);
      if (found === undefined)
        throw new VigilantError('VIGILANT_NOT_FOUND', `There is no dead letter with the key "${key}".`);
      const event = decode(found);
      if (await publish(event)) await queue.deleteUnchanged(found);
      return { id: event.id };
    },
    async delete(key) {
      checkText('key', key);
      await open();
      return queue.delete(key);
    },
  };
}
