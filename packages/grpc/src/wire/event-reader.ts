import type { EventInput, VigilantError, Violation } from '@vigilant/core';
import { isVigilantError } from '@vigilant/core';
import type { EventReader, WireEvent } from '@vigilant/core/adapter';
import { invalidEvent, reasonOf } from '@vigilant/core/adapter';
import type { Event as EventMessage } from '../generated/vigilant-v1';
import { DecodeError } from './decode-error';
import { toEventInput } from './event';
import { scanEvent } from './scan-event';
import type { Codec } from './schema';
import { codecOf } from './schema';

/**
 * Creates a reader of encoded `vigilant.v1.Event`.
 *
 * @param ranges - Start and end of each event, one after another.
 * @param pathOf - Returns the path of an event in its request, the prefix of the fields in its errors.
 */
export function createEventReader(
  bytes: Buffer,
  ranges: readonly number[],
  pathOf = (index: number): string => `events[${index}]`,
): EventReader {
  return new MessageReader(bytes, ranges, pathOf);
}

class MessageReader implements EventReader {
  readonly count: number;
  readonly #bytes: Buffer;
  readonly #ranges: readonly number[];
  readonly #pathOf: (index: number) => string;
  readonly #codec: Codec<EventMessage> = codecOf('vigilant.v1.Event');

  constructor(bytes: Buffer, ranges: readonly number[], pathOf: (index: number) => string) {
    this.count = ranges.length / 2;
    this.#bytes = bytes;
    this.#ranges = ranges;
    this.#pathOf = pathOf;
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
      throw within(error, this.#pathOf(index));
    }
  }

  #start(index: number): number {
    return this.#ranges[2 * index] as number;
  }

  #end(index: number): number {
    return this.#ranges[2 * index + 1] as number;
  }
}

function within(error: unknown, path: string): VigilantError {
  const violations = violationsOf(error);
  if (path === '') return invalidEvent(violations);
  return invalidEvent(
    violations.map((violation) => ({
      ...violation,
      field: violation.field === '' ? path : `${path}.${violation.field}`,
    })),
  );
}

function violationsOf(error: unknown): readonly Violation[] {
  if (isVigilantError(error)) return error.violations;
  if (error instanceof DecodeError) return [{ field: error.field, code: 'malformed', reason: error.reason }];
  return [{ field: '', code: 'malformed', reason: `cannot be read: ${reasonOf(error)}` }];
}
