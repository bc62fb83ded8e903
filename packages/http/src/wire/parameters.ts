import { nearName } from '@vigilant/core/adapter';
import { invalidRequest } from './http-error';
import type { Schema } from './schema';

/** A parameter of the query string of a route. */
export interface Parameter {
  readonly name: string;
  readonly description: string;
  /** With the type `integer` the value is converted; with `array` the parameter may be repeated. */
  readonly schema: Schema;
  /** @defaultValue false */
  readonly isRequired?: boolean;
  /** Option of core that it sets. @defaultValue the name of the parameter */
  readonly option?: string;
}

/** Values of parameters by option name. Core checks them. */
export type ParameterValues = Readonly<Record<string, unknown>>;

/** Maximum length of a query string, in characters. A filter has at most 8 KiB, which percent-encoding triples. */
const MAX_QUERY_CHARACTERS = 64 * 1024;

/**
 * Reads the query string of a request.
 *
 * @param search - With or without its `?`.
 * @throws {VigilantError} `VIGILANT_QUERY_INVALID` for an unknown or repeated parameter, or damaged percent-encoding.
 */
export function readParameters(search: string, known: readonly Parameter[]): ParameterValues {
  const values: Record<string, unknown> = {};
  const query = search.replace(/^\?/, '');
  if (query.length > MAX_QUERY_CHARACTERS)
    throw invalidRequest('query', 'too_long', `has more than ${MAX_QUERY_CHARACTERS} characters`, {
      limit: MAX_QUERY_CHARACTERS,
      status: 414,
    });
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const [encodedName = '', ...rest] = pair.split('=');
    const name = decode(encodedName, encodedName);
    const parameter = known.find((each) => each.name === name);
    if (parameter === undefined) throw unknownParameter(name, known);
    addValue(values, parameter, decode(rest.join('='), name));
  }
  return values;
}

function addValue(
  values: Record<string, unknown>,
  { name, schema, option = name }: Parameter,
  value: string,
): void {
  const before = values[option];
  if (schema.type === 'array') {
    values[option] = [...((before as readonly string[] | undefined) ?? []), value];
    return;
  }
  if (before !== undefined) throw invalidRequest(name, 'repeated', 'is repeated; pass it once');
  // Core reports a value that is not an integer.
  values[option] = schema.type === 'integer' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}

function decode(text: string, name: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidRequest(name, 'malformed', 'is not valid percent-encoding of UTF-8');
  }
}

function unknownParameter(name: string, known: readonly Parameter[]): Error {
  const names = known.map((parameter) => parameter.name);
  const near = nearName(name, names);
  const advice =
    near !== undefined
      ? `did you mean "${near}"?`
      : names.length === 0
        ? 'it has no parameters'
        : `valid parameters: ${names.join(', ')}`;
  return invalidRequest(name, 'unknown_option', `is not a parameter of this endpoint; ${advice}`);
}
