export const TEXT_FIELDS = ['id', 'message', 'origin', 'source', 'type', 'group', 'tags'] as const;
export const ORDERED_FIELDS = ['level', 'severity', 'timestamp'] as const;
export const COMPARISONS = ['=', '<', '<=', '>', '>='] as const;

/** A text field. `tags` matches if any tag matches. */
export type TextField = (typeof TEXT_FIELDS)[number];

/** An ordered field: level by rank, severity, or timestamp in microseconds. */
export type OrderedField = (typeof ORDERED_FIELDS)[number];

/** A comparison operator of ordered fields. */
export type Comparison = (typeof COMPARISONS)[number];

/** Test of a value in `data`. An array passes if any of its elements passes. */
export type DataTest =
  /** A string equal to `text`, or the value `literal` if given. */
  | { readonly operator: 'equals'; readonly text: string; readonly literal?: number | boolean | null }
  /** A string that starts with `text`. */
  | { readonly operator: 'prefix'; readonly text: string }
  /** A number for which the comparison holds. */
  | { readonly operator: '<' | '<=' | '>' | '>='; readonly number: number }
  /** Any value except null. */
  | { readonly operator: 'present' };

/**
 * A filter as a tree. `matches` defines its meaning, and stores compile it.
 *
 * Core replaces `relative` nodes before it passes a filter to a store or a matcher.
 */
export type Filter =
  | { readonly kind: 'all' }
  /** Every filter matches. Without filters it matches every event. */
  | { readonly kind: 'and'; readonly filters: readonly Filter[] }
  /** Any filter matches. Without filters it matches no event. */
  | { readonly kind: 'or'; readonly filters: readonly Filter[] }
  /** The filter does not match. */
  | { readonly kind: 'not'; readonly filter: Filter }
  /** The message contains the text, ignoring case (see `fold`). Empty text matches every event. */
  | { readonly kind: 'contains'; readonly text: string }
  /** The text equals or starts with `value`, compared bytewise. */
  | {
      readonly kind: 'text';
      readonly field: TextField;
      readonly operator: 'equals' | 'prefix';
      readonly value: string;
    }
  /** Compares with `value`: the rank of a level, a severity, or microseconds. */
  | {
      readonly kind: 'ordered';
      readonly field: OrderedField;
      readonly operator: Comparison;
      readonly value: number;
    }
  /** Compares the timestamp with the current time plus `offset` microseconds. */
  | { readonly kind: 'relative'; readonly operator: Comparison; readonly offset: number }
  /** The text is not empty. Always true for ordered fields. */
  | { readonly kind: 'present'; readonly field: TextField | OrderedField }
  /** Tests the values of `data` at a path, through arrays. Segments may be nested keys or keys that contain dots. */
  | { readonly kind: 'data'; readonly path: readonly string[]; readonly test: DataTest };

/** The filter that matches every event. */
export const MATCH_ALL: Filter = { kind: 'all' };
