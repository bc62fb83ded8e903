import { splitValues, tokenize, type Token } from './tokenize';

/** Returns one name for both names of the tags. */
const canonical = (field: string): string => (field === 'tag' ? 'tags' : field);
/** Fields of which an event can have several values, so that several terms can match at once. */
const isMultiple = (field: string): boolean => field === 'tags' || field.startsWith('data.');

/**
 * Changes a query so that only one value of a field matches.
 *
 * @param value - As written in a query, see `formatValue`.
 */
export function showOnly(query: string, field: string, value: string): string {
  return append(removeField(query, field), `${fieldName(field)}:${value}`);
}

/** Changes a query so that a value of a field does not match. */
export function exclude(query: string, field: string, value: string): string {
  const term = `-${fieldName(field)}:${value}`;
  const without = setValues(query, field, (values) => values.filter((each) => each !== value));
  return tokensAtTop(without).some((token) => token.text === term) ? without : append(without, term);
}

/** Adds a term that must match too, in addition to the others of the field. */
export function addTerm(query: string, term: string): string {
  return tokensAtTop(query).some(({ text }) => text === term) ? query : append(query, term);
}

/** Adds a value to the values of a field of which any may match, or removes it. */
export function toggleValue(query: string, field: string, value: string): string {
  const selected = selectedValues(query, field);
  if (selected.length === 0) return append(query, `${fieldName(field)}:${value}`);
  return setValues(query, field, (values) =>
    values.includes(value) ? values.filter((each) => each !== value) : [...values, value],
  );
}

/** Returns the values of a field that a query selects at its top level. */
export function selectedValues(query: string, field: string): readonly string[] {
  return selectingTerms(query, field).flatMap(valuesOf);
}

/** Removes the terms that select values of a field at the top level. */
export function removeField(query: string, field: string): string {
  return without(query, selectingTerms(query, field));
}

/** Returns the query without one token. */
export function removeToken(query: string, token: Token): string {
  return without(query, [token]);
}

/** Returns the tokens outside of parentheses, or none if alternatives are at the top level. */
export function tokensAtTop(query: string): readonly Token[] {
  const tokens = tokenize(query);
  let depth = 0;
  const top = tokens.filter((token) => {
    if (token.kind === 'paren') depth += token.text.endsWith('(') ? 1 : -1;
    return depth === 0 && token.kind !== 'paren' && token.kind !== 'space';
  });
  return top.some(({ text, kind }) => kind === 'keyword' && text === 'OR') ? [] : top;
}

const fieldName = (field: string): string => (field === 'tags' ? 'tag' : field);

/** Terms at the top level that select values of a field, which no keyword changes. */
function selectingTerms(query: string, field: string): readonly Token[] {
  const tokens = tokensAtTop(query);
  return tokens.filter(
    (token, index) =>
      token.kind === 'term' &&
      !token.isNegated &&
      canonical(token.field?.text ?? '') === canonical(field) &&
      /^[:=]$/.test(token.operator?.text ?? '') &&
      !(tokens[index - 1]?.kind === 'keyword' && tokens[index - 1]?.text === 'NOT'),
  );
}

const valuesOf = (token: Token): readonly string[] =>
  token.value === undefined ? [] : splitValues(token.value).map(({ text }) => text);

/** Replaces the values of the first term of a field. Other terms of the field are merged into it, unless all must match. */
function setValues(
  query: string,
  field: string,
  change: (values: readonly string[]) => readonly string[],
): string {
  const [first, ...others] = selectingTerms(query, field);
  if (first === undefined) return query;
  const merged = isMultiple(canonical(field)) ? [first] : [first, ...others];
  const values = change([...new Set(merged.flatMap(valuesOf))]);
  if (values.length === 0) return without(query, merged);
  const term = `${first.field?.text ?? ''}:${values.join(',')}`;
  const replaced = query.slice(0, first.start) + term + query.slice(first.end);
  const moved = term.length - first.text.length;
  return without(
    replaced,
    merged.slice(1).map((token) => ({ ...token, start: token.start + moved, end: token.end + moved })),
  );
}

/** Removes tokens, with the space and the `AND` that connects each of them. */
function without(query: string, tokens: readonly Token[]): string {
  return tokens.reduceRight((rest, { start, end }) => {
    const before = rest.slice(0, start).trimEnd();
    const after = rest.slice(end).trimStart();
    if (/(?:^|\s)AND$/.test(before)) return join(before.slice(0, -'AND'.length).trimEnd(), after);
    return before === '' ? after.replace(/^AND\s+/, '') : join(before, after);
  }, query);
}

const join = (before: string, after: string): string => `${before} ${after}`.trim();

/** Adds a term. Alternatives at the top level are put in parentheses first. */
function append(query: string, term: string): string {
  const trimmed = query.trim();
  return join(hasOrAtTop(trimmed) ? `(${trimmed})` : trimmed, term);
}

function hasOrAtTop(query: string): boolean {
  let depth = 0;
  return tokenize(query).some(({ kind, text }) => {
    if (kind === 'paren') depth += text.endsWith('(') ? 1 : -1;
    return depth === 0 && kind === 'keyword' && text === 'OR';
  });
}
