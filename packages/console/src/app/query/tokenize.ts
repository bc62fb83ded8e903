/** A part of a text, with its position in UTF-16 code units. */
export interface Span {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A token of a query. Together, the tokens of a query are its whole text. */
export interface Token extends Span {
  /**
   * `term` is a test of a field. `text` is a word or quoted text. `keyword` is AND, OR or NOT. `paren` is a parenthesis,
   * which may follow a minus.
   */
  readonly kind: 'space' | 'term' | 'text' | 'keyword' | 'paren';
  /** Whether the token begins with a minus. */
  readonly isNegated: boolean;
  /** Only of a `term`. */
  readonly field?: Span;
  /** Only of a `term`: `:`, `=`, `<`, `<=`, `>` or `>=`. */
  readonly operator?: Span;
  /** Only of a `term`: everything after the operator, which may be empty. */
  readonly value?: Span;
}

const SPACE = /\s+/y;
const KEYWORD = /(?:AND|OR|NOT)(?=[\s()"]|$)/y;
const QUOTED = /"(?:[^"\\]|\\["\\]?)*"?/y;
const FIELD = /(?:data(?:\.(?:"(?:[^"\\]|\\["\\]?)*"|[^\s"().,:=<>]+))+|[^\s()":=<>]+)(?=[:=<>])/y;
const OPERATOR = /[<>]=?|[:=]/y;
const VALUE = /(?:"(?:[^"\\]|\\["\\]?)*"?|[^\s()"])*/y;
const WORD = /[^\s()"]+/y;

/**
 * Splits a query into tokens. Any text can be split; whether it is valid is decided by the server.
 *
 * The rules are those of the filter language, so the tokens of a valid query are its terms.
 */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let position = 0; position < text.length;) {
    const token = takeToken(text, position);
    tokens.push(token);
    position = token.end;
  }
  return tokens;
}

function takeToken(text: string, start: number): Token {
  const space = match(SPACE, text, start);
  if (space !== undefined) return token('space', space, start, false);
  // A minus before a space is a word.
  const isNegated = text[start] === '-' && /^[^\s)-]/.test(text.slice(start + 1, start + 2));
  const begin = isNegated ? start + 1 : start;
  const span = (content: string): string => text.slice(start, begin) + content;
  if (text[begin] === '(' || text[begin] === ')')
    return token('paren', span(text[begin] ?? ''), start, isNegated);
  const keyword = isNegated ? undefined : match(KEYWORD, text, begin);
  if (keyword !== undefined) return token('keyword', keyword, start, false);
  const quoted = match(QUOTED, text, begin);
  if (quoted !== undefined) return token('text', span(quoted), start, isNegated);
  return (
    takeTerm(text, start, begin, isNegated) ??
    token('text', span(match(WORD, text, begin) ?? ''), start, isNegated)
  );
}

function takeTerm(text: string, start: number, begin: number, isNegated: boolean): Token | undefined {
  const name = match(FIELD, text, begin);
  if (name === undefined) return undefined;
  const field = spanOf(name, begin);
  const operator = spanOf(match(OPERATOR, text, field.end) ?? '', field.end);
  const value = spanOf(match(VALUE, text, operator.end) ?? '', operator.end);
  return { ...token('term', text.slice(start, value.end), start, isNegated), field, operator, value };
}

const token = (kind: Token['kind'], text: string, start: number, isNegated: boolean): Token => ({
  kind,
  isNegated,
  ...spanOf(text, start),
});

const spanOf = (text: string, start: number): Span => ({ text, start, end: start + text.length });

/** Returns what an expression matches at a position, or `undefined` if that is nothing or empty. */
function match(pattern: RegExp, text: string, position: number): string | undefined {
  pattern.lastIndex = position;
  const found = pattern.exec(text)?.[0];
  return found === '' ? undefined : found;
}

/** Splits the value of a term into the values of a list. Commas in quotes do not separate. */
export function splitValues(value: Span): readonly Span[] {
  const values: Span[] = [];
  let { start } = value;
  for (const [part] of value.text.matchAll(/(?:"(?:[^"\\]|\\["\\]?)*"?|[^,"])*(?:,|$)/g)) {
    if (part === '' && start !== value.end) continue;
    values.push(spanOf(part.replace(/,$/, ''), start));
    start += part.length;
    if (!part.endsWith(',')) break;
  }
  return values;
}
