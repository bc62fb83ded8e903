import protobuf from 'protobufjs/light.js';

/** The wire types of the protobuf encoding. */
export const WIRE_TYPES = { VARINT: 0, I64: 1, LEN: 2, SGROUP: 3, EGROUP: 4, I32: 5 } as const;

/** How the value of a field is checked. */
export type ValueKind = 'int32' | 'uint32' | 'int64' | 'double' | 'string' | 'bytes' | 'message';

/** A field of a message. */
export interface FieldShape {
  /** As in the proto file. */
  readonly name: string;
  readonly kind: ValueKind;
  readonly wireType: number;
  /** Whether several values may share one record. */
  readonly isPackable: boolean;
  /** The shape of the value of a message or map field. */
  readonly message?: MessageShape;
}

/** The fields of a message. */
export interface MessageShape {
  /** By field number. */
  readonly fields: readonly (FieldShape | undefined)[];
  /** Whether it is the entry of a map, which does not count as a level of nesting. */
  readonly isMapEntry: boolean;
}

const KINDS: Readonly<Record<string, ValueKind>> = {
  int32: 'int32',
  uint32: 'uint32',
  bool: 'uint32',
  int64: 'int64',
  double: 'double',
  string: 'string',
  bytes: 'bytes',
};

const shapes = new WeakMap<protobuf.Type, MessageShape>();

/** Returns the shape of a message type. */
export function shapeOf(type: protobuf.Type): MessageShape {
  const known = shapes.get(type);
  if (known !== undefined) return known;
  const fields: FieldShape[] = [];
  const shape = { fields, isMapEntry: false };
  // Stored before its fields are read, because a type may contain itself.
  shapes.set(type, shape);
  for (const field of type.fieldsArray) fields[field.id] = toFieldShape(field.resolve());
  return shape;
}

function toFieldShape(field: protobuf.Field): FieldShape {
  const name = field.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (!(field instanceof protobuf.MapField)) return toValueShape(name, field);
  const key = scalarShape('key', field.keyType, false);
  const fields = [undefined, key, toValueShape('value', field)];
  return messageShape(name, { fields, isMapEntry: true });
}

function toValueShape(name: string, { resolvedType, type, repeated }: protobuf.Field): FieldShape {
  if (resolvedType instanceof protobuf.Type) return messageShape(name, shapeOf(resolvedType));
  return scalarShape(name, resolvedType === null ? type : 'int32', repeated);
}

function messageShape(name: string, message: MessageShape): FieldShape {
  return { name, kind: 'message', wireType: WIRE_TYPES.LEN, isPackable: false, message };
}

function scalarShape(name: string, type: string, isRepeated: boolean): FieldShape {
  const kind = KINDS[type];
  if (kind === undefined) throw new Error(`The field ${name} has the type ${type}, which is not supported.`);
  const wireType = wireTypeOf(kind);
  return { name, kind, wireType, isPackable: isRepeated && wireType !== WIRE_TYPES.LEN };
}

function wireTypeOf(kind: ValueKind): number {
  switch (kind) {
    case 'string':
    case 'bytes':
    case 'message':
      return WIRE_TYPES.LEN;
    case 'double':
      return WIRE_TYPES.I64;
    default:
      return WIRE_TYPES.VARINT;
  }
}
