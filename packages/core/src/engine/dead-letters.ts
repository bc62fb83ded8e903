import type { DeadLetters } from '../contracts/dead-letters';
import { isKey } from '../delivery/dead-letter';
import type { FoundDeadLetter } from '../delivery/dead-letter-queue';
import { decodeEvent } from '../event/codec';
import type { Event } from '../event/event';
import { DEFAULT_LIMITS } from '../query/budget';
import { checkInteger, checkOptions, checkText } from '../query/argument-checks';
import { storeAnswer } from '../query/store-answer';
import { VigilantError, readOnlyError } from '../util/errors';
import type { EngineParts } from './wiring';
import { SETTLE_MS } from './wiring';

/** Creates the public dead letters API. */
export function createDeadLetters(parts: EngineParts): DeadLetters {
  const { deadLetterQueue: queue, adapters, options } = parts;
  const open = (): Promise<void> => adapters.openBy(DEFAULT_LIMITS);
  const answer = <T>(request: Promise<T>): Promise<T> => storeAnswer(request, options.clock, DEFAULT_LIMITS);
  const checkWritable = (method: string): void => {
    if (options.isReadOnly) throw readOnlyError(`deadLetters.${method}`);
  };
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
      return answer(queue.list(after === undefined ? { limit } : { limit, after }));
    },
    async get(key) {
      checkText('key', key);
      await open();
      const found = await answer(queue.get(key));
      return found === undefined ? undefined : { letter: found.letter, bytes: found.bytes };
    },
    async replay(key) {
      checkWritable('replay()');
      checkText('key', key);
      await open();
      const found = await answer(queue.get(key));
      if (found === undefined)
        throw new VigilantError('VIGILANT_NOT_FOUND', `There is no dead letter with the key "${key}".`);
      const event = decodeLetter(parts, found);
      if (await publish(parts, event)) await answer(queue.deleteUnchanged(found));
      return { id: event.id };
    },
    async delete(key) {
      checkWritable('delete()');
      checkText('key', key);
      await open();
      return answer(queue.delete(key));
    },
  };
}

/** Decodes the content of a letter. @throws {VigilantError} `VIGILANT_EVENT_INVALID` */
function decodeLetter(parts: EngineParts, { letter: { position }, bytes }: FoundDeadLetter): Event {
  return position === undefined ? decodeEvent(bytes) : parts.decodeEvent(bytes, { name: position });
}

/** Publishes an event. Returns whether its letter may be deleted unless another event was added to it. */
async function publish({ options, intake, storeBarrier }: EngineParts, event: Event): Promise<boolean> {
  await intake.submit(event);
  // An event in a memory broker may be lost, so its letter is kept until the event is stored.
  return options.broker.capabilities.durability !== 'memory' || (await storeBarrier.wait(SETTLE_MS)).complete;
}
