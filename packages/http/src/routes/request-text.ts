import type { JsonValue } from '@vigilant/core';
import { parseJson } from '@vigilant/core';
import { reasonOf } from '@vigilant/core/adapter';
import { invalidRequest } from '../wire/http-error';
import type { Call } from './route';

/** Media types of text with one JSON value per line. */
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

/** Reads a body as text. @throws {VigilantError} `VIGILANT_QUERY_INVALID` if it is empty or not UTF-8 */
export async function readText({ readBody }: Call): Promise<string> {
  const text = decodeText(await readBody());
  if (text.trim() === '') throw invalidRequest('body', 'required', 'is empty');
  return text;
}

/** Parses a body. @throws {VigilantError} `VIGILANT_QUERY_INVALID` if it is not JSON */
export function parseBody(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch (error) {
    throw invalidRequest('body', 'malformed', reasonOf(error));
  }
}

/** Reads a body of JSON. @throws {VigilantError} `VIGILANT_QUERY_INVALID` */
export async function readJson(call: Call): Promise<JsonValue> {
  mediaTypeOf(call.request);
  return parseBody(await readText(call));
}

function decodeText(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw invalidRequest('body', 'malformed', 'is not valid UTF-8');
  }
}
