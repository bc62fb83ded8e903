/** A column value as the driver returns it. Big integers are text, and bytes are a `Buffer`. */
export type SqlValue = string | number | Buffer | null;

/** A row in the order of its columns. */
export type SqlRow = readonly SqlValue[];

/** A value in a statement. */
export type SqlParameter = string | number | Buffer | null | readonly string[];

/**
 * Converts a value to an SQL literal.
 *
 * The literal contains no escape sequences. Its meaning therefore does not depend on `sql_mode`, and the value cannot end it even
 * if a server or proxy ignores the mode of the session.
 */
export function toSql(value: SqlParameter): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return textToSql(value);
  if (Buffer.isBuffer(value)) return `X'${value.toString('hex')}'`;
  return value.map(textToSql).join(',');
}

/** Replaces the question marks of a statement with values. */
export function bind(sql: string, parameters: readonly SqlParameter[]): string {
  let index = 0;
  return sql.replace(/\?/g, () => toSql(parameters[index++] as SqlParameter));
}

/** Text with a backslash becomes hexadecimal, because `sql_mode` determines whether a backslash starts an escape sequence. */
function textToSql(text: string): string {
  if (text.includes('\\')) return `_utf8mb4 X'${Buffer.from(text).toString('hex')}'`;
  return text.includes("'") ? `'${text.replaceAll("'", "''")}'` : `'${text}'`;
}
