import type { ApiEvent, Json } from '../api/types';
import { joinPath } from './field-value';

/** Keys under which traces are usually identified. */
const TRACE_KEYS = [
  ['traceId'],
  ['trace_id'],
  ['trace', 'id'],
  ['requestId'],
  ['request_id'],
  ['correlationId'],
] as const;

/** Field and value that identify the trace of an event, if it has any. */
export function traceOf(
  event: ApiEvent,
): { readonly field: string; readonly value: string | number } | undefined {
  for (const keys of TRACE_KEYS) {
    let value: Json | undefined = event.data;
    for (const key of keys)
      value =
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? (value as Readonly<Record<string, Json>>)[key]
          : undefined;
    if ((typeof value === 'string' && value !== '') || typeof value === 'number')
      return { field: joinPath(keys), value };
  }
  return undefined;
}

/**
 * Formats an event as Markdown, for an issue or a chat. Fences are longer than any run of backticks in the text.
 *
 * @param localTime - The time in another zone, with its name.
 */
export function toMarkdown(event: ApiEvent, url: string, localTime = ''): string {
  const data = JSON.stringify(event.data, undefined, 2);
  const longest = [...`${event.message}${data}`.matchAll(/`+/g)].reduce(
    (max, [run]) => Math.max(max, run.length),
    2,
  );
  const fence = '`'.repeat(longest + 1);
  const where = [event.origin, event.source].filter((text) => text !== '').join(' / ');
  const lines = [
    `**${event.level}** ${event.timestamp}${localTime === '' ? '' : ` (${localTime})`}${where === '' ? '' : ` ${escapeMarkdown(where)}`}`,
    '',
    fence,
    event.message,
    fence,
  ];
  if (Object.keys(event.data).length > 0) lines.push('', `${fence}json`, data, fence);
  return [...lines, '', `<${url}>`, ''].join('\n');
}

const escapeMarkdown = (text: string): string => text.replace(/[\\`*_{}[\]<>()#+!|~]/g, '\\$&');

/** Formats an event as JSON with its fields in the usual order. */
export function toRaw(event: ApiEvent): string {
  return JSON.stringify(event, undefined, 2);
}
