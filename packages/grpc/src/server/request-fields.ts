import { VigilantError } from '@vigilant/core';
import { DataFormat as Format } from '../generated/vigilant-v1';
import type { DataFormat } from '../wire/event';

const FORMATS: ReadonlyMap<number, DataFormat> = new Map([
  [Format.DATA_FORMAT_UNSPECIFIED, 'struct'],
  [Format.DATA_FORMAT_STRUCT, 'struct'],
  [Format.DATA_FORMAT_JSON, 'json'],
]);

const DEFAULT_PAGE_SIZE = 100;

/** Returns the requested format of data. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function toDataFormat(value: number = Format.DATA_FORMAT_UNSPECIFIED): DataFormat {
  const format = FORMATS.get(value);
  if (format === undefined)
    throw invalidField('data_format', 'unknown_value', `${value} is not a valid format`);
  return format;
}

/** Returns the size of a page: the default for 0, at most `max`. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function toPageSize(value: number = 0, max: number): number {
  if (value < 0) throw invalidField('page_size', 'out_of_range', 'must not be negative', 0);
  return Math.min(value === 0 ? DEFAULT_PAGE_SIZE : value, max);
}

/** Creates the error of an invalid field. */
export function invalidField(field: string, code: string, reason: string, limit?: number): VigilantError {
  return new VigilantError('VIGILANT_QUERY_INVALID', `${field}: ${reason}`, {
    violations: [limit === undefined ? { field, code, reason } : { field, code, reason, limit }],
  });
}
