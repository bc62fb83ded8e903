import type { EventInput, Violation } from '@vigilant/core';
import { VigilantError, isVigilantError } from '@vigilant/core';
import type { EventReader, WireEvent } from '@vigilant/core/adapter';
import { reasonOf } from '@vigilant/core/adapter';
import type { Event as EventMessage } from '../generated/vigilant-v1';
import { DecodeError } from './decode-error';
import { toEventInput } from './event';
import { scanEvent } from './scan-event';
import type { Codec } from './schema';
import { codecOf } from './schema';

/** Creates a reader of encoded `vigilant.v1.Event`. @param ranges - Start and end of each event, one after another. */
export function createEventReader(bytes: Buffer, ranges: readonly number[]): EventReader {
  return new MessageReader(bytes, ranges);
}

class MessageReader implements EventReader {
  readonly count: number;
  readonly #bytes: Buffer;
  readonly #ranges: readonly number[];
  readonly #codec: Codec<EventMessage> = codecOf('vigilant.v1.Event');

  constructor(bytes: Buffer, ranges: readonly number[]) {
    this.count = ranges.length / 2;
    this.#bytes = bytes;
    this.#ranges = ranges;
  }

  sizeOf(index: number): number {
    return this.#end(index) - this.#start(index);
  }

  readWire(index: number, event: WireEvent): boolean {
    return scanEvent(this.#bytes, this.#start(index), this.#end(index), event);
  }

  readInput(index: number): EventInput {
    try {
      return toEventInput(this.#codec.decode(this.#bytes.subarray(this.#start(index), this.#end(index))));
    } catch (error) {
      throw within(error, `events[${index}]`);
    }
  }

  #start(index: number): number {
    return this.#ranges[2 * index] as number;
  }

  #end(index: number): number {
    return this.#ranges[2 * index + 1] as number;
  }
}

function within(error: unknown, prefix: string): VigilantError {
  const violations = violationsOf(error).map((violation) => ({
    ...violation,
    field: violation.field === '' ? prefix : `${prefix}.${violation.field}`,
  }));
  const message = violations.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
  return new VigilantError('VIGILANT_EVENT_INVALID', message, { violations });
}

function violationsOf(error: unknown): readonly Violation[] {
  if (isVigilantError(error)) return error.violations;
  if (error instanceof DecodeError) return [{ field: error.field, code: 'malformed', reason: error.reason }];
  return [{ field: '', code: 'malformed', reason: `cannot be read: ${reasonOf(error)}` }];
}
