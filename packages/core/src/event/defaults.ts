import type { Violation } from '../util/errors';
import { adviseName } from '../util/near-name';
import { describeValue } from '../util/text';
import type { EventDefaults, JsonObject } from './event';
import { readData, readName, readTags } from './read-fields';
import { toViolation, violationError } from './violations';

/** Validated defaults. */
export interface ResolvedDefaults {
  readonly origin: string;
  readonly source: string;
  readonly type: string;
  readonly group: string;
  readonly tags: readonly string[];
  readonly data: JsonObject | undefined;
}

/** The defaults of an event whose context sets none. */
export const NO_DEFAULTS: ResolvedDefaults = {
  origin: '',
  source: '',
  type: 'log',
  group: 'default',
  tags: [],
  data: undefined,
};

/**
 * Validates defaults and merges them over those of a parent.
 *
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` with a violation for each invalid or unknown default.
 */
export function resolveDefaults(
  defaults: EventDefaults,
  parent: ResolvedDefaults = NO_DEFAULTS,
): ResolvedDefaults {
  if (typeof defaults !== 'object' || (defaults as unknown) === null || Array.isArray(defaults)) {
    const reason = `must be an object, not ${describeValue(defaults)}`;
    throw violationError('VIGILANT_OPTIONS_INVALID', [{ field: 'defaults', code: 'wrong_type', reason }]);
  }
  const known = ['origin', 'source', 'type', 'group', 'tags', 'data'];
  const violations: Violation[] = [];
  const readDefault = <T>(name: keyof EventDefaults, read: (value: {}) => T, fallback: T): T => {
    try {
      const value = defaults[name];
      return value === undefined ? fallback : read(value);
    } catch (error) {
      violations.push(toViolation('defaults', name, error));
      return fallback;
    }
  };
  for (const name of Object.keys(defaults)) {
    if (known.includes(name)) continue;
    violations.push({
      field: `defaults.${name}`,
      code: 'unknown_field',
      reason: `is not a field with a default. ${adviseName(name, known, 'fields')}`,
    });
  }
  const resolved = {
    origin: readDefault('origin', readName, parent.origin),
    source: readDefault('source', readName, parent.source),
    type: readDefault('type', readName, parent.type),
    group: readDefault('group', readName, parent.group),
    tags: readDefault('tags', (value) => readTags(value, parent.tags), parent.tags),
    data: readDefault('data', (value) => readData(value, parent.data).value, parent.data),
  };
  if (violations.length > 0) throw violationError('VIGILANT_OPTIONS_INVALID', violations);
  return Object.freeze(resolved);
}
