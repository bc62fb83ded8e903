import type { FacetValue } from '../api/types';
import { formatCounted } from './value';
import { removeToken } from './edit';
import { splitValues, tokenize } from './tokenize';

/** What can be suggested at the caret. A suggestion replaces the text from `from` to `to`. */
export type Situation =
  | { readonly kind: 'field'; readonly prefix: string; readonly from: number; readonly to: number }
  | {
      readonly kind: 'value';
      readonly field: string;
      readonly prefix: string;
      readonly from: number;
      readonly to: number;
      /** The query without the term, for the counts of the values. */
      readonly others: string;
    }
  | { readonly kind: 'none' };

/** A suggestion. */
export interface Suggestion {
  /** Replaces the text of the situation. */
  readonly insert: string;
  readonly label: string;
  readonly count?: number;
  readonly isExact?: boolean;
}

export const FIELDS = [
  'level',
  'source',
  'origin',
  'type',
  'group',
  'tag',
  'severity',
  'timestamp',
  'message',
  'id',
];
/** Fields whose values can be counted. */
const COUNTED = /^(?:level|source|origin|type|group|tags?|severity|data\..+)$/;
/** Fields with an order, for which comparisons are suggested. */
const ORDERED = /^(?:level|severity|timestamp|data\..+)$/;

/** Returns what can be suggested at the caret. */
export function situationAt(query: string, caret: number): Situation {
  const tokens = tokenize(query);
  const token = tokens.find(({ start, end }) => start < caret && caret <= end);
  if (token === undefined || token.kind === 'space' || token.kind === 'paren')
    return { kind: 'field', prefix: '', from: caret, to: caret };
  const start = token.start + (token.isNegated ? 1 : 0);
  if (token.kind === 'term' && token.field && token.operator && token.value && caret >= token.operator.end) {
    if (!COUNTED.test(token.field.text)) return { kind: 'none' };
    const values = splitValues(token.value);
    const value = values.findLast((each) => each.start <= caret) ?? token.value;
    const prefix = query.slice(value.start, caret).replace(/^"/, '');
    const others = removeToken(query, token);
    return { kind: 'value', field: token.field.text, prefix, from: value.start, to: value.end, others };
  }
  if (token.kind === 'text' && !query.slice(start).startsWith('"'))
    return { kind: 'field', prefix: query.slice(start, caret), from: start, to: token.end };
  return { kind: 'none' };
}

/** Suggests fields, each with its operators. `keys` are the known fields of data. */
export function suggestFields(prefix: string, keys: readonly string[], limit = 12): readonly Suggestion[] {
  const lower = prefix.toLowerCase();
  const all = [...FIELDS, ...keys];
  const matches = all.filter((field) => field.toLowerCase().startsWith(lower));
  // `userId` finds data.userId.
  const inner = all.filter(
    (field) => !matches.includes(field) && lower !== '' && field.toLowerCase().includes(`.${lower}`),
  );
  return [...matches, ...inner].slice(0, limit).flatMap((field) => {
    const operators = field.toLowerCase() === lower && ORDERED.test(field) ? [':', '>=', '<='] : [':'];
    return operators.map((operator) => ({ insert: field + operator, label: field + operator }));
  });
}

/** Suggests values with their counts. */
export function suggestValues(
  values: readonly FacetValue[],
  prefix: string,
  isExact: boolean,
  limit = 12,
): readonly Suggestion[] {
  const lower = prefix.toLowerCase();
  const matches = values.filter(({ value }) => value.toLowerCase().includes(lower));
  const rank = ({ value }: FacetValue): number => (value.toLowerCase().startsWith(lower) ? 0 : 1);
  return matches
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, limit)
    .map(({ value, count }) => ({ insert: `${formatCounted(value)} `, label: value, count, isExact }));
}

/** Adds loaded suggestions to those that are shown, which keep their places: one of them may be highlighted. */
export function mergeSuggestions(
  shown: readonly Suggestion[],
  loaded: readonly Suggestion[],
): readonly Suggestion[] {
  const kept = shown.map((each) => loaded.find(({ insert }) => insert === each.insert) ?? each);
  return [...new Set([...kept, ...loaded])];
}

/** Replaces the text of a situation by a suggestion. Returns the new query and the position of the caret. */
export function accept(
  query: string,
  { from, to }: { readonly from: number; readonly to: number },
  { insert }: Suggestion,
): { readonly query: string; readonly caret: number } {
  const rest = query.slice(to);
  const text = rest.startsWith(' ') || rest.startsWith(')') ? insert.trimEnd() : insert;
  return { query: query.slice(0, from) + text + rest, caret: from + text.length };
}
