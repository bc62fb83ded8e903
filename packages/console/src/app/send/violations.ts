import { ApiError } from '../api/problem';
import type { Violation } from '../api/problem';

/** Fields of the form at which violations are shown. */
const FIELDS = [
  'message',
  'level',
  'source',
  'origin',
  'type',
  'group',
  'tags',
  'timestamp',
  'data',
] as const;
export type FormField = (typeof FIELDS)[number];

/** Returns the violations of an error by the field of the form. Those of other fields have the key ''. */
export function violationsByField(error: unknown): ReadonlyMap<FormField | '', readonly Violation[]> {
  const found = new Map<FormField | '', Violation[]>();
  for (const violation of error instanceof ApiError ? error.violations : []) {
    const name = /^(?:events\[\d+\]\.?)?([a-zA-Z]*)/.exec(violation.field)?.[1];
    const field = FIELDS.find((each) => each === name) ?? '';
    found.set(field, [...(found.get(field) ?? []), violation]);
  }
  return found;
}

/** Returns a violation as text. The path is included if it is longer than the field of the form. */
export function violationText({ field, reason }: Violation): string {
  return /[.[]/.test(field) || !isFormField(field) ? `${field} ${reason}`.trim() : reason;
}

const isFormField = (field: string): boolean => FIELDS.some((each) => each === field);
