import type { DeadLetterBox } from './delivery/dead-letters';
import { VigilantError } from './errors';
import { decodeEvent } from './event/codec';
import type { Event } from './event/event';
import { checkInteger } from './query/limits';
import type { DeadLetters } from './vigilant';

/** What the dead letters work with. */
export interface DeadLettersParts {
  readonly box: DeadLetterBox;
  readonly open: () => Promise<void>;
  readonly publish: (event: Event) => Promise<void>;
}

/** Creates what applications see of the dead letters. */
export function createDeadLetters({ box, open, publish }: DeadLettersParts): DeadLetters {
  return {
    async list({ after, limit = 100 } = {}) {
      checkInteger('limit', limit, 1, 1_000);
      await open();
      return box.list(after === undefined ? { limit } : { limit, after });
    },
    async get(key) {
      await open();
      return box.get(key);
    },
    async replay(key) {
      await open();
      const found = await box.get(key);
      if (found === undefined)
        throw new VigilantError('VIGILANT_NOT_FOUND', 'There is no dead letter of this key.');
      const event = decodeEvent(found.bytes);
      await publish(event);
      await box.delete(key);
      return { id: event.id };
    },
    async delete(key) {
      await open();
      return box.delete(key);
    },
  };
}
