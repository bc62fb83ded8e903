/** The part of JSON Schema that the OpenAPI document uses. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** Schema of further properties, or `false` to allow none. */
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly $ref?: string;
}

/** Describes a string. */
export function text(description: string): Schema {
  return { type: 'string', description };
}

/** Describes an integer, not negative by default. */
export function integer(description: string, minimum = 0, maximum?: number): Schema {
  return maximum === undefined
    ? { type: 'integer', description, minimum }
    : { type: 'integer', description, minimum, maximum };
}

/** Describes a boolean. */
export function flag(description: string): Schema {
  return { type: 'boolean', description };
}

/** Describes a time. */
export function time(description: string): Schema {
  return { type: 'string', format: 'date-time', description };
}

/** Describes an array. */
export function list(items: Schema, description?: string): Schema {
  return description === undefined ? { type: 'array', items } : { type: 'array', items, description };
}

/** Describes an object without other properties. Names of optional properties end with `?`. */
export function object(properties: Readonly<Record<string, Schema>>): Schema {
  const entries = Object.entries(properties);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
    required: entries.map(([name]) => name).filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  };
}

/** Refers to a schema of the document. */
export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}
