import { VigilantError } from '../util/errors';
import { describeValue } from '../util/text';

/** Returns the error for an argument that is not an array of events; otherwise `undefined`. */
export function invalidInputs(method: string, inputs: unknown): VigilantError | undefined {
  if (Array.isArray(inputs)) return undefined;
  const reason = `must be an array of events, not ${describeValue(inputs)}`;
  return new VigilantError('VIGILANT_EVENT_INVALID', `The argument of ${method} ${reason}.`, {
    violations: [{ field: 'events', code: 'wrong_type', reason }],
  });
}
