/** Text that the filter language reads as itself. Anything else is quoted. */
const PLAIN = /^[A-Za-z0-9_/@+~][A-Za-z0-9_.\-/@+~%]*$/;
/** Unquoted, these are JSON values rather than text. */
const LITERAL = /^(?:true|false|null|-?\d.*)$/;

/** A value of a field of an event. */
export type FieldValue = string | number | boolean | null;

/** Formats a value for a term of a field, so that exactly this value matches. */
export function formatValue(field: string, value: FieldValue): string {
  if (typeof value !== 'string') return String(value);
  const isPlain = PLAIN.test(value) && !(field.startsWith('data.') && LITERAL.test(value));
  return isPlain ? value : quote(value);
}

/** Formats a value that a count returned. Counts are text, so a number and its text are one value there. */
export function formatCounted(value: string): string {
  return PLAIN.test(value) || /^-\d+(?:\.\d+)?$/.test(value) ? value : quote(value);
}

/** Puts a text in quotes. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Reads a value as written in a query. */
export function unquote(text: string): string {
  return /^".*"$/s.test(text) && text.length > 1 ? text.slice(1, -1).replace(/\\(["\\])/g, '$1') : text;
}
