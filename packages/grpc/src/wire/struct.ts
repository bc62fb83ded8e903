import type { JsonObject, JsonValue } from '@vigilant/core';
import type { Struct, Value } from '../generated/google-protobuf';
import { NullValue } from '../generated/google-protobuf';

/** Converts a Struct to an object; `__proto__` is a key like any other. */
export function fromStruct(struct: Struct): Record<string, unknown> {
  const fields = struct.fields ?? {};
  return Object.fromEntries(Object.keys(fields).map((key) => [key, fromValue(fields[key] as Value | null)]));
}

function fromValue(value: Value | null): unknown {
  if (value === null) return null;
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.numberValue !== undefined) return value.numberValue;
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.structValue !== undefined) return fromStruct(value.structValue);
  if (value.listValue !== undefined) return (value.listValue.values ?? []).map(fromValue);
  return null;
}

/** Converts an object to a Struct. */
export function toStruct(object: JsonObject): Struct {
  return {
    fields: Object.fromEntries(Object.entries(object).map(([key, value]) => [key, toValue(value)])),
  };
}

function toValue(value: JsonValue): Value {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'number':
      return { numberValue: value };
    case 'boolean':
      return { boolValue: value };
    default:
      if (value === null) return { nullValue: NullValue.NULL_VALUE };
      if (isList(value)) return { listValue: { values: value.map(toValue) } };
      return { structValue: toStruct(value) };
  }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
