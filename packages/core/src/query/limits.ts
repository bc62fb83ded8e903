import type { EventOrder } from '../contracts/query';
import {
  checkChoiceOption,
  checkIntegerOption,
  checkOptionKeys,
  checkTextOption,
} from '../util/option-checks';

const CODE = 'VIGILANT_QUERY_INVALID';

/** Checks that an option of a method is an integer within its limits. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function checkInteger(name: string, value: unknown, min: number, max: number): number {
  return checkIntegerOption(name, value, min, max, CODE);
}

/** Checks that an argument or option of a method is a non-empty string. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function checkText(name: string, value: unknown): string {
  return checkTextOption(name, value, {}, CODE);
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
