/** Fields whose value is text. `tags` matches when any of its tags does. */
export type TextField = 'id' | 'message' | 'origin' | 'source' | 'type' | 'group' | 'tags';

/** Fields that have an order: level by rank, severity as it is, timestamp in microseconds. */
export type OrderedField = 'level' | 'severity' | 'timestamp';

/** Comparison of ordered fields. */
export type Comparison = '=' | '<' | '<=' | '>' | '>=';

/** What a value under a path of `data` is tested for. An array passes when any of its elements does. */
export type DataTest =
  /** A string equal to `text`; or the literal itself, if there is one. */
  | { readonly operator: 'equals'; readonly text: string; readonly literal?: number | boolean | null }
  /** A string that starts with `text`. */
  | { readonly operator: 'prefix'; readonly text: string }
  /** A number for which the comparison holds. */
  | { readonly operator: '<' | '<=' | '>' | '>='; readonly number: number }
  /** Any value but null. */
  | { readonly operator: 'present' };

/**
 * A filter as a tree. Its meaning is what `matches` says; stores compile it.
 *
 * Stores and the matcher meet no `relative` node: `resolveFilter` has replaced it.
 */
export type Filter =
  | { readonly kind: 'all' }
  /** All of them; of none: everything. */
  | { readonly kind: 'and'; readonly filters: readonly Filter[] }
  /** Any of them; of none: nothing. */
  | { readonly kind: 'or'; readonly filters: readonly Filter[] }
  /** The set complement. */
  | { readonly kind: 'not'; readonly filter: Filter }
  /** The message contains the text, without regard to case (see `fold`). Empty text: everything. */
  | { readonly kind: 'contains'; readonly text: string }
  /** Case-sensitive, bytewise. */
  | {
      readonly kind: 'text';
      readonly field: TextField;
      readonly operator: 'equals' | 'prefix';
      readonly value: string;
    }
  /** `value` is a level's rank, an integer of severity, or microseconds. */
  | {
      readonly kind: 'ordered';
      readonly field: OrderedField;
      readonly operator: Comparison;
      readonly value: number;
    }
  /** A time relative to when the filter is evaluated: now plus `offset` microseconds. */
  | { readonly kind: 'relative'; readonly operator: Comparison; readonly offset: number }
  /** Not empty; ordered fields always are present. */
  | { readonly kind: 'present'; readonly field: TextField | OrderedField }
  /** Tests what `data` holds at the path: nested keys and keys with literal dots alike, through arrays. */
  | { readonly kind: 'data'; readonly path: readonly string[]; readonly test: DataTest };

/** The filter that everything matches. */
export const MATCH_ALL: Filter = { kind: 'all' };
