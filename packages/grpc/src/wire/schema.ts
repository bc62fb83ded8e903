import protobuf from 'protobufjs/light.js';
import { SCHEMA } from '../generated/schema';
import { checkMessage } from './check-message';
import { typeCodecOf } from './type-codec';

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

/** Returns the schema, which is loaded at its first use. */
function schema(): protobuf.Namespace {
  if (root !== undefined) return root;
  // Root.fromJSON() would resolve it at once.
  const loaded = new protobuf.Root().addJSON(SCHEMA.nested as Record<string, protobuf.AnyNestedObject>);
  replaceClasses(loaded);
  return (root = loaded.resolveAll());
}

/**
 * Assigns a class to message types, because protobufjs would compile one with `Function()`. The codecs do not use it. The setter of
 * `ctor` would resolve the fields before the rest of the schema is known, so the class replaces the accessor.
 */
function replaceClasses(object: protobuf.ReflectionObject): void {
  if (object instanceof protobuf.Type) Object.defineProperty(object, 'ctor', { value: class {} });
  if (object instanceof protobuf.Namespace) object.nestedArray.forEach(replaceClasses);
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
  Object.assign(copy.fields[field] as protobuf.IField, { type: 'bytes', rule: 'repeated' });
  const variant = protobuf.Type.fromJSON(variantName, copy);
  replaceClasses(variant);
  parent.add(variant);
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
  const typeCodec = typeCodecOf(type);
  return {
    encode: (message) => typeCodec.encode(message as Record<string, unknown>).finish(),
    decode(bytes) {
      checkMessage(type, bytes);
      return typeCodec.decode(protobuf.Reader.create(bytes), bytes.length) as T;
    },
  };
}
