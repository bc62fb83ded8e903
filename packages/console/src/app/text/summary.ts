import type { Json, JsonObject } from '../api/types';

/** Maximum length of a value, so that one long text does not hide the others. */
const MAX_VALUE = 60;

/** Returns the data of an event as `key=value` pairs on one line, up to about `limit` characters. */
export function summarize(data: JsonObject, limit = 240): string {
  const parts: string[] = [];
  let length = 0;
  const visit = (value: Json, path: string): void => {
    if (length >= limit) return;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [key, child] of Object.entries(value)) visit(child, path === '' ? key : `${path}.${key}`);
      return;
    }
    const part = `${path}=${formatValue(value)}`;
    length += part.length + 1;
    parts.push(part);
  };
  visit(data, '');
  return parts.join(' ');
}

function formatValue(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const cut = text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
  return typeof value === 'string' && /[\s="]|^$/.test(cut) ? JSON.stringify(cut) : cut;
}
