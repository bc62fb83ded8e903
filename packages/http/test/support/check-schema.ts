import type { Schema } from '../../src/wire/schema';

/** An OpenAPI document, as far as tests read it. */
export interface OpenApi {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** An endpoint of an OpenAPI document. */
export interface Operation {
  readonly operationId: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

/** Returns where a value differs from a schema. Properties that the schema does not name are faults too. */
export function faultsOf(value: unknown, schema: Schema, { components }: OpenApi, path = '$'): string[] {
  const check = (each: unknown, of: Schema, at: string): string[] =>
    faultsOf(each, of, { components } as OpenApi, at);
  if (schema.$ref !== undefined) {
    const target = components.schemas[schema.$ref.split('/').at(-1) ?? ''];
    return target === undefined ? [`${path}: unknown schema ${schema.$ref}`] : check(value, target, path);
  }
  if (schema.oneOf !== undefined)
    return schema.oneOf.some((each) => check(value, each, path).length === 0)
      ? []
      : [`${path}: none of oneOf`];
  if (schema.enum !== undefined && !schema.enum.includes(value as string)) return [`${path}: not in enum`];
  switch (schema.type) {
    case 'object':
      return isObject(value) ? objectFaults(value, schema, path, check) : [`${path}: not an object`];
    case 'array':
      if (!Array.isArray(value)) return [`${path}: not an array`];
      return value.flatMap((each, index) => check(each, schema.items ?? {}, `${path}[${index}]`));
    case 'integer':
      return Number.isInteger(value) ? [] : [`${path}: not an integer`];
    case undefined:
      return [];
    default:
      return typeof value === schema.type ? [] : [`${path}: not a ${schema.type}`];
  }
}

function objectFaults(
  value: Readonly<Record<string, unknown>>,
  { properties = {}, required = [], additionalProperties = true }: Schema,
  path: string,
  check: (value: unknown, schema: Schema, path: string) => string[],
): string[] {
  const missing = required.filter((name) => !(name in value)).map((name) => `${path}.${name}: missing`);
  return [
    ...missing,
    ...Object.entries(value).flatMap(([name, each]) => {
      const known = properties[name];
      if (known !== undefined) return check(each, known, `${path}.${name}`);
      if (additionalProperties === false) return [`${path}.${name}: not described`];
      return additionalProperties === true ? [] : check(each, additionalProperties, `${path}.${name}`);
    }),
  ];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
