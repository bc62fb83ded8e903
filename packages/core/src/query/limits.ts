import type { EventOrder } from '../contracts/query';
import { VigilantError } from '../util/errors';
import { nearName } from '../util/near-name';

/** Checks that an option is an integer within its limits. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function checkInteger(name: string, value: number, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const reason = `must be an integer from ${min} to ${max}`;
  throw invalid(name, 'out_of_range', `${name} ${reason}.`, reason, `${min}–${max}`);
}

const ORDERS: readonly EventOrder[] = ['newest', 'oldest', 'arrival'];

/** Checks the order of a query. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function checkEventOrder(order: EventOrder): EventOrder {
  if (ORDERS.includes(order)) return order;
  const reason = 'must be newest, oldest or arrival';
  throw invalid('order', 'unknown_value', `order ${reason}.`, reason);
}

/**
 * Checks that the options of a method are an object without unknown keys.
 *
 * @param method - As the caller writes it, such as `query()`.
 * @throws {VigilantError} `VIGILANT_QUERY_INVALID`
 */
export function checkOptions(method: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null)
    throw invalid(
      'options',
      'wrong_type',
      `The options of ${method} must be an object.`,
      'must be an object',
    );
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const near = nearName(key, known);
    const hint = near === undefined ? `Valid options: ${known.join(', ')}.` : `Did you mean "${near}"?`;
    const message = `Unknown option "${key}" of ${method}. ${hint}`;
    throw invalid(key, 'unknown_option', message, `is not an option of ${method}`);
  }
}

function invalid(
  field: string,
  code: string,
  message: string,
  reason: string,
  limit?: string,
): VigilantError {
  const violation = { field, code, reason, ...(limit === undefined ? {} : { limit }) };
  return new VigilantError('VIGILANT_QUERY_INVALID', message, { violations: [violation] });
}
