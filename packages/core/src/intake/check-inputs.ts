import { VigilantError } from '../util/errors';
import { describeValue } from '../util/text';

/** Checks that the argument of a method is an array of events. @throws {VigilantError} `VIGILANT_EVENT_INVALID` */
export function checkInputs(method: string, inputs: unknown): void {
  if (Array.isArray(inputs)) return;
  const reason = `must be an array of events, not ${describeValue(inputs)}`;
  throw new VigilantError('VIGILANT_EVENT_INVALID', `The argument of ${method} ${reason}.`, {
    violations: [{ field: 'events', code: 'wrong_type', reason }],
  });
}
