import type { EventJson } from '@vigilant/core/adapter';

/** Columns of a CSV export. */
const CSV_COLUMNS = [
  'id',
  'timestamp',
  'receivedAt',
  'level',
  'severity',
  'origin',
  'source',
  'type',
  'group',
  'message',
  'tags',
  'data',
  'sequence',
] as const;

/** The first line of a CSV export. */
export const CSV_HEAD = `${CSV_COLUMNS.join(',')}\r\n`;

/** Starts of text that spreadsheets evaluate as a formula, after white space too. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/** Formats an event as a line of CSV, see RFC 4180. Text that a spreadsheet would evaluate is preceded by an apostrophe. */
export function toCsvLine(event: EventJson): string {
  return `${CSV_COLUMNS.map((column) => toCell(event[column])).join(',')}\r\n`;
}

function toCell(value: EventJson[(typeof CSV_COLUMNS)[number]]): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = toText(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function toText(value: string | readonly string[] | object): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(',') : JSON.stringify(value);
}
