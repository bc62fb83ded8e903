import type { JsonObject } from '@vigilant/core';
import { DamagedBlockError } from '../bytes/damaged';

/** A value of JSON that is not an object, an array or `null`. */
export type JsonScalar = string | number | boolean;

/** Parses the data of an event. @throws {DamagedBlockError} unless it is an object */
export function parseData(json: string): JsonObject {
  const value = parse(json);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw damagedJson();
}

/** Parses the tags of an event. @throws {DamagedBlockError} unless they are an array of texts */
export function parseTags(json: string): readonly string[] {
  const value = parse(json);
  if (Array.isArray(value) && value.every((tag) => typeof tag === 'string')) return value;
  throw damagedJson();
}

/** Parses a value. @throws {DamagedBlockError} unless it is a scalar */
export function parseScalar(json: string): JsonScalar {
  const value = parse(json);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw damagedJson();
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw damagedJson();
  }
}

function damagedJson(): DamagedBlockError {
  return new DamagedBlockError('its JSON is damaged');
}
