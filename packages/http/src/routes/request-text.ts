import type { JsonValue } from '@vigilant/core';
import { parseJson } from '@vigilant/core';
import { invalidEvent } from '@vigilant/core/adapter';
import { invalidRequest } from '../wire/http-error';
import type { Call } from './route';

/** Media types of one JSON value per line. */
export const JSON_LINES: readonly string[] = [
  'application/x-ndjson',
  'application/jsonl',
  'application/ndjson',
];

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Returns the media type of a body: JSON, or one of `others`.
 *
 * @throws {VigilantError} `VIGILANT_QUERY_INVALID` with the status 415
 */
export function mediaTypeOf({ headers }: Request, others: readonly string[] = []): string {
  const given = headers.get('content-type') ?? '';
  const [type = '', ...parameters] = given
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const isJson = type === 'application/json' || /^[\w.-]+\/[\w.-]+\+json$/.test(type);
  const charset = parameters.find((each) => each.startsWith('charset='))?.slice('charset='.length);
  const isUtf8 = charset === undefined || ['utf-8', '"utf-8"', 'utf8'].includes(charset);
  if ((isJson || others.includes(type)) && isUtf8) return type;
  const what = given === '' ? 'is missing' : `"${given}" is not supported`;
  const lines = others.length === 0 ? '' : ', or application/x-ndjson with one event per line,';
  throw invalidRequest(
    'Content-Type',
    'unsupported',
    `${what}; send application/json${lines} in UTF-8. With curl, add -H 'Content-Type: application/json'`,
    { status: 415 },
  );
}

/** Decodes the text of a body of events. @throws {VigilantError} `VIGILANT_EVENT_INVALID` if it is not UTF-8 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw invalidEvent([{ field: '', code: 'malformed', reason: 'the body is not valid UTF-8' }]);
  }
}

/** Reads a body of JSON that is not an event. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export async function readJson({ request, readBody }: Call): Promise<JsonValue> {
  mediaTypeOf(request);
  const bytes = await readBody();
  try {
    return parseJson(UTF8.decode(bytes));
  } catch {
    throw invalidRequest('body', 'malformed', 'is not valid JSON in UTF-8');
  }
}
