import { checkAll, checkChoiceOption, checkInteger, nearName } from '@vigilant/core/adapter';
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
  /**
   * Checks a value beyond its schema.
   *
   * @throws {VigilantError}
   */
  readonly check?: (value: string, name: string) => void;
  /** Option of core that it sets. @defaultValue the name of the parameter */
  readonly option?: string;
}

/** Values of parameters by option name. */
export type ParameterValues = Readonly<Record<string, unknown>>;

/** Maximum length of a query string, in characters. A filter has at most 8 KiB, which percent-encoding triples. */
const MAX_QUERY_CHARACTERS = 64 * 1024;

/**
 * Reads the query string of a request.
 *
 * @param search - With or without its `?`.
 * @throws {VigilantError} with the violations of all parameters
 */
export function readParameters(search: string, known: readonly Parameter[]): ParameterValues {
  const query = search.replace(/^\?/, '');
  if (query.length > MAX_QUERY_CHARACTERS)
    throw invalidRequest('query', 'too_long', `has more than ${MAX_QUERY_CHARACTERS} characters`, {
      limit: MAX_QUERY_CHARACTERS,
      status: 414,
    });
  const pairs = splitQuery(query);
  const values: Record<string, unknown> = {};
  checkAll([
    ...known.map((parameter) => () => {
      const given = pairs.filter(({ name }) => name === parameter.name);
      const value = readValue(parameter, given);
      if (value !== undefined) values[parameter.option ?? parameter.name] = value;
    }),
    ...pairs.map((pair) => () => checkKnown(pair, known)),
  ]);
  return values;
}

/** A parameter as it is sent, with its decoded name. */
interface Pair {
  readonly name: string;
  readonly encoded: string;
}

function splitQuery(query: string): readonly Pair[] {
  return query.split('&').flatMap((pair) => {
    if (pair === '') return [];
    const [encodedName = '', ...rest] = pair.split('=');
    return [{ name: decode(encodedName) ?? encodedName, encoded: rest.join('=') }];
  });
}

/** Reads and checks the value of a parameter; returns `undefined` if it is absent. */
function readValue(parameter: Parameter, given: readonly Pair[]): unknown {
  const { name, schema, isRequired = false } = parameter;
  if (given.length === 0 && isRequired) throw invalidRequest(name, 'required', 'is required');
  if (given.length === 0) return undefined;
  if (schema.type !== 'array') {
    if (given.length > 1) throw invalidRequest(name, 'repeated', 'is repeated; pass it once');
    return readText(parameter, given[0] as Pair);
  }
  const { maxItems: limit = Infinity } = schema;
  if (given.length > limit)
    throw invalidRequest(name, 'too_many', `is repeated ${given.length} times; the limit is ${limit}`, {
      limit,
    });
  const texts: unknown[] = [];
  checkAll(given.map((pair) => () => texts.push(readText(parameter, pair))));
  return texts;
}

function readText({ name, schema, check }: Parameter, { encoded }: Pair): string | number {
  const text = decode(encoded);
  if (text === undefined) throw invalidRequest(name, 'malformed', 'is not valid percent-encoding of UTF-8');
  check?.(text, name);
  if (schema.enum !== undefined) checkChoiceOption(name, text, schema.enum, 'VIGILANT_QUERY_INVALID');
  if (schema.type !== 'integer') return text;
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = schema;
  return checkInteger(name, value, minimum, maximum);
}

/** Decodes a text; returns `undefined` if it is not valid percent-encoding of UTF-8. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function checkKnown({ name }: Pair, known: readonly Parameter[]): void {
  const names = known.map((parameter) => parameter.name);
  if (names.includes(name)) return;
  const near = nearName(name, names);
  const advice =
    near !== undefined
      ? `did you mean "${near}"?`
      : names.length === 0
        ? 'it has no parameters'
        : `valid parameters: ${names.join(', ')}`;
  throw invalidRequest(name, 'unknown_option', `is not a parameter of this endpoint; ${advice}`);
}
