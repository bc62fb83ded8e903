import type { EventOrder } from '../contracts/query';
import { MAX_ID_CHARACTERS } from '../event/limits';
import type { Violation } from '../util/errors';
import { VigilantError } from '../util/errors';
import {
  checkChoiceOption,
  checkIntegerOption,
  checkOptionKeys,
  checkTextOption,
} from '../util/option-checks';
import { shorten } from '../util/text';

const CODE = 'VIGILANT_QUERY_INVALID';

/** Checks that an option of a method is an integer within its limits. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function checkInteger(name: string, value: unknown, min: number, max: number): number {
  return checkIntegerOption(name, value, min, max, CODE);
}

/** Checks that an argument or option of a method is a non-empty string. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function checkText(name: string, value: unknown): string {
  return checkTextOption(name, value, {}, CODE);
}

/** Checks the id in a request for one event. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function checkEventId(id: string): void {
  const limit = MAX_ID_CHARACTERS;
  if (id === '') throw invalidId({ code: 'required', reason: 'is required' });
  if (id.length > limit)
    throw invalidId({
      code: 'too_long',
      reason: `has ${id.length} characters; the limit is ${limit}`,
      limit,
    });
}

function invalidId(fault: Omit<Violation, 'field'>): VigilantError {
  return new VigilantError(CODE, `id: ${fault.reason}`, { violations: [{ field: 'id', ...fault }] });
}

/** Creates the error of an item that does not exist. @param item - Kind of the item, such as `event`. */
export function notFound(item: string, id: string): VigilantError {
  const reason = `there is no ${item} with the id "${shorten(id, MAX_ID_CHARACTERS)}"`;
  const violations = [{ field: 'id', code: 'not_found', reason }];
  return new VigilantError('VIGILANT_NOT_FOUND', `id: ${reason}`, { violations });
}

/** Checks the order of a query. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function checkEventOrder(order: unknown): EventOrder {
  return checkChoiceOption('order', order, ['newest', 'oldest', 'arrival'], CODE);
}

/**
 * Checks that the options of a method are an object without unknown keys.
 *
 * @param method - As the caller writes it, such as `query()`.
 * @throws {VigilantError} `VIGILANT_QUERY_INVALID`
 */
export function checkOptions(method: string, options: unknown, known: readonly string[]): void {
  checkOptionKeys(method, options, known, CODE);
}
