import { LEVELS } from '../event/event';
import type { DataTest, Filter } from './ast';
import { canonicalFilter, type Leaf } from './build';
import { formatField, quote } from './fields';
import { isLookAlikeValue, isLookAlikeWord } from './look-alikes';
import { formatRelativeTime, formatTime } from './time';
import { parseLiteral } from './values';

/**
 * Formats a filter in the filter language, in its shortest form.
 *
 * Filters with the same canonical form have the same text, and `parseFilter` returns that form.
 */
export function formatFilter(filter: Filter): string {
  const canonical = canonicalFilter(filter);
  if (canonical.kind === 'all') return '';
  return canonical.kind === 'and' ? formatAnd(canonical.filters) : formatTop(canonical);
}

function formatTop(filter: Filter): string {
  return filter.kind === 'or' ? alternatives(filter.filters).join(' OR ') : formatTerm(filter);
}

function formatAnd(filters: readonly Filter[]): string {
  return filters.map(formatTerm).join(' ');
}

/** Formats a filter as one term, in parentheses if necessary. */
function formatTerm(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
      return `(${formatAnd(filter.filters)})`;
    case 'or': {
      const parts = alternatives(filter.filters);
      return parts.length === 1 ? parts.join('') : `(${parts.join(' OR ')})`;
    }
    case 'not':
      return `-${formatTerm(filter.filter)}`;
    default: {
      const { field, value } = formatLeaf(filter);
      return field + value;
    }
  }
}

/** Formats the parts of an `or`. Adjacent parts that differ only in their value are combined into a list. */
function alternatives(filters: readonly Filter[]): readonly string[] {
  const texts: string[] = [];
  let listed = '';
  for (const filter of filters) {
    const { field, value } = isLeaf(filter) ? formatLeaf(filter) : { field: '', value: formatTerm(filter) };
    if (field !== '' && field === listed) texts.push(`${texts.pop() ?? ''},${value}`);
    else texts.push(field + value);
    listed = field.endsWith(':') ? field : '';
  }
  return texts;
}

const isLeaf = (filter: Filter): filter is Leaf =>
  filter.kind !== 'and' && filter.kind !== 'or' && filter.kind !== 'not';

/** Formats a leaf as its field with the operator, if any, and its value. */
function formatLeaf(leaf: Leaf): { readonly field: string; readonly value: string } {
  switch (leaf.kind) {
    case 'all':
      return { field: '', value: '""' };
    case 'contains':
      return { field: '', value: isPlainWord(leaf.text) ? leaf.text : quote(leaf.text) };
    case 'text':
      return { field: `${leaf.field}:`, value: formatText(leaf.value, leaf.operator === 'prefix') };
    case 'present':
      return { field: `${leaf.field}:`, value: '*' };
    case 'relative':
      return { field: `timestamp${formatOperator(leaf.operator)}`, value: formatRelativeTime(leaf.offset) };
    case 'ordered':
      return {
        field: leaf.field + formatOperator(leaf.operator),
        value: formatOrdered(leaf.field, leaf.value),
      };
    case 'data':
      return formatData(formatField({ kind: 'data', path: leaf.path }), leaf.test);
  }
}

function formatData(name: string, test: DataTest): { readonly field: string; readonly value: string } {
  switch (test.operator) {
    case 'equals': {
      const isText = test.literal === undefined && parseLiteral(test.text) !== undefined;
      return { field: `${name}:`, value: isText ? quote(test.text) : formatText(test.text, false) };
    }
    case 'prefix':
      return { field: `${name}:`, value: formatText(test.text, true) };
    case 'present':
      return { field: `${name}:`, value: '*' };
    default:
      return { field: name + test.operator, value: String(test.number) };
  }
}

const formatOperator = (operator: string): string => (operator === '=' ? ':' : operator);

function formatOrdered(field: 'level' | 'severity' | 'timestamp', value: number): string {
  if (field === 'level') return LEVELS[value] ?? String(value);
  return field === 'severity' ? String(value) : formatTime(value);
}

function formatText(text: string, isPrefix: boolean): string {
  const isPlain =
    !isLookAlikeValue(text) && /^[^\s(),":=<>][^\s(),"]*$/.test(text) && (isPrefix || !text.endsWith('*'));
  return (isPlain ? text : quote(text)) + (isPrefix ? '*' : '');
}

function isPlainWord(text: string): boolean {
  const isWord = /^[^\s()":=<>-][^\s()":=<>]*$/.test(text) && !/^(?:AND|OR|NOT)$/.test(text);
  return isWord && !isLookAlikeWord(text);
}
