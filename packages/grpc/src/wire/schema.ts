import { VigilantError } from '@vigilant/core';
import protobuf from 'protobufjs/light.js';
import { SCHEMA } from '../generated/schema';
import { checkMessage } from './check-message';

/** Encodes and decodes the messages of one type. */
export interface Codec<T> {
  encode(message: T): Uint8Array;
  /** Absent fields are `undefined`, absent lists empty. @throws {DecodeError} if the bytes are not a valid message */
  decode(bytes: Uint8Array): T;
}

/** A method of a service in the schema. */
export interface Method {
  readonly name: string;
  /** The path of its calls, such as `/vigilant.v1.EventService/LogEvent`. */
  readonly path: string;
  readonly isRequestStream: boolean;
  readonly isResponseStream: boolean;
  readonly request: Codec<unknown>;
  readonly response: Codec<unknown>;
}

let root: protobuf.Namespace | undefined;

/** Returns the schema, which is compiled on first use. */
function schema(): protobuf.Namespace {
  if (root !== undefined) return root;
  try {
    const loaded = protobuf.Root.fromJSON(SCHEMA as protobuf.INamespace).resolveAll();
    removeDefaults(loaded);
    root = loaded;
    return loaded;
  } catch (error) {
    throw error instanceof EvalError ? codeGenerationDisallowed(error) : error;
  }
}

/** Creates the error of a process in which protobufjs cannot compile codecs with `Function()`. */
function codeGenerationDisallowed(cause: EvalError): VigilantError {
  return new VigilantError(
    'VIGILANT_NOT_SUPPORTED',
    'gRPC requires code generation, which this process disallows. Start Node.js without --disallow-code-generation-from-strings.',
    { cause },
  );
}

/** Returns the codec of a message by its full name. */
export function codecOf<T>(name: string): Codec<T> {
  return codec(schema().lookupType(name));
}

/** Returns the codec of a message in which the messages of one field stay encoded. */
export function codecWithBytes<T>(name: string, field: string): Codec<T> {
  const type = schema().lookupType(name);
  const parent = type.parent as protobuf.Namespace;
  const variantName = `${type.name}With${field}AsBytes`;
  const known = parent.get(variantName);
  if (known !== null) return codec(known as protobuf.Type);
  const copy = type.toJSON();
  (copy.fields[field] as protobuf.IField).type = 'bytes';
  const variant = protobuf.Type.fromJSON(variantName, copy);
  parent.add(variant);
  removeDefaults(variant);
  return codec(variant);
}

/** Returns the methods of a service by its full name. */
export function methodsOf(service: string): readonly Method[] {
  return schema()
    .lookupService(service)
    .methodsArray.map((method) => ({
      name: method.name,
      path: `/${service}/${method.name}`,
      isRequestStream: method.requestStream === true,
      isResponseStream: method.responseStream === true,
      request: codec(method.resolvedRequestType as protobuf.Type),
      response: codec(method.resolvedResponseType as protobuf.Type),
    }));
}

function codec<T>(type: protobuf.Type): Codec<T> {
  return {
    encode: (message) => type.encode(message as {}).finish(),
    decode(bytes) {
      checkMessage(type, bytes);
      return type.decode(bytes) as T;
    },
  };
}

/** Makes absent fields `undefined`. With the defaults of proto3, an absent field would look like a zero that was sent. */
function removeDefaults(object: protobuf.ReflectionObject): void {
  if (object instanceof protobuf.Type) {
    for (const field of object.fieldsArray) {
      if (!field.repeated && !field.map) Reflect.set(object.ctor.prototype, field.name, undefined);
    }
  }
  if (object instanceof protobuf.Namespace) for (const child of object.nestedArray) removeDefaults(child);
}
