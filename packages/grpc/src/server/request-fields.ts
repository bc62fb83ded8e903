import { DataFormat as Format } from '../generated/vigilant-v1';
import type { DataFormat } from '../wire/event';
import { invalidField } from '../wire/invalid-field';

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
    throw invalidField(
      'VIGILANT_QUERY_INVALID',
      'data_format',
      'unknown_value',
      `${value} is not a valid format`,
    );
  return format;
}

/** Returns the size of a page: the default for 0, at most `max`. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export function toPageSize(value: number = 0, max: number): number {
  if (value < 0)
    throw invalidField('VIGILANT_QUERY_INVALID', 'page_size', 'out_of_range', 'must not be negative', 0);
  return Math.min(value === 0 ? DEFAULT_PAGE_SIZE : value, max);
}
