/** A value in a statement. */
export type SqlParameter = string | number | Buffer | null | readonly string[];

/**
 * Writes a value as SQL. The text contains no escape sequence, so it means the same under every `sql_mode`, and a value
 * cannot end its literal even on a server or proxy that ignores ours.
 */
export function toSql(value: SqlParameter): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return textToSql(value);
  if (Buffer.isBuffer(value)) return `X'${value.toString('hex')}'`;
  return value.map(textToSql).join(',');
}

/** Puts values in the places of a statement's question marks. */
export function bind(sql: string, parameters: readonly SqlParameter[]): string {
  let index = 0;
  return sql.replace(/\?/g, () => toSql(parameters[index++] as SqlParameter));
}

/** Whether a backslash starts an escape sequence depends on the mode, so text with one is written in hexadecimal. */
function textToSql(text: string): string {
  if (text.includes('\\')) return `_utf8mb4 X'${Buffer.from(text).toString('hex')}'`;
  return text.includes("'") ? `'${text.replaceAll("'", "''")}'` : `'${text}'`;
}
