import type { Filter } from './ast';

/** A value to look for. */
export type FilterObjectValue =
  string | number | boolean | null | readonly (string | number | boolean | null)[];

/** Fields and the values wanted of them, all of which must match; an array means any of. Keys as in the language, such as `'data.userId'`. */
export interface FilterObject {
  readonly [field: string]: FilterObjectValue;
}

export type { Filter };
