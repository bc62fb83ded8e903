import protobuf from 'protobufjs/light.js';

type AnyField = protobuf.Field | protobuf.MapField;
type Message = Record<string, unknown>;
type Write = (writer: protobuf.Writer, message: Message) => void;
type WriteValue = (writer: protobuf.Writer, value: unknown) => void;
type Read = (reader: protobuf.Reader, message: Message, wireType: number) => void;
type ReadValue = (reader: protobuf.Reader) => unknown;

const LEN = 2;

const { types } = protobuf;
const codecs = new WeakMap<protobuf.Type, TypeCodec>();

/** Returns the codec of a message type. */
export function typeCodecOf(type: protobuf.Type): TypeCodec {
  let known = codecs.get(type);
  if (known === undefined) codecs.set(type, (known = new TypeCodec(type)));
  return known;
}

/**
 * Encodes and decodes the messages of a type. Unlike protobufjs, it compiles no code with `Function()`, which a process may
 * disallow. Bytes must have been checked with `checkMessage`.
 */
export class TypeCodec {
  readonly #type: protobuf.Type;
  /** Names of the lists and maps, which are never absent. */
  readonly #lists: readonly string[];
  readonly #maps: readonly string[];
  #writes: readonly Write[] | undefined;
  /** By field number. */
  #reads: readonly (Read | undefined)[] | undefined;

  constructor(type: protobuf.Type) {
    this.#type = type;
    this.#lists = type.fieldsArray.flatMap(({ repeated, name }) => (repeated ? [name] : []));
    this.#maps = type.fieldsArray.flatMap(({ map, name }) => (map ? [name] : []));
  }

  encode(message: Message, writer: protobuf.Writer = protobuf.Writer.create()): protobuf.Writer {
    this.#writes ??= [...this.#type.fieldsArray].sort((a, b) => a.id - b.id).map(createWrite);
    for (const write of this.#writes) write(writer, message);
    return writer;
  }

  decode(reader: protobuf.Reader, end: number): Message {
    const reads = (this.#reads ??= createReads(this.#type));
    const message: Message = {};
    for (const name of this.#lists) message[name] = [];
    for (const name of this.#maps) message[name] = {};
    while (reader.pos < end) {
      const tag = reader.uint32();
      const read = reads[tag >>> 3];
      if (read === undefined) reader.skipType(tag & 7);
      else read(reader, message, tag & 7);
    }
    return message;
  }
}

function createReads(type: protobuf.Type): (Read | undefined)[] {
  const reads: (Read | undefined)[] = [];
  for (const field of type.fieldsArray) reads[field.id] = createRead(field.resolve());
  return reads;
}

function createWrite(unresolved: protobuf.Field): Write {
  const field = unresolved.resolve();
  const { name, id } = field;
  const writeValue = valueWriter(field);
  if (field instanceof protobuf.MapField) return createMapWrite(field, writeValue);
  const tag = tagOf(id, wireTypeOf(field));
  if (!field.repeated)
    return (writer, message) => {
      const value = message[name];
      if (value == null || !Object.hasOwn(message, name)) return;
      writeValue(writer.uint32(tag), value);
    };
  const isPacked = field.packed && basicType(field) in types.packed;
  const listTag = tagOf(id, LEN);
  return (writer, message) => {
    const values = message[name] as readonly unknown[] | null | undefined;
    if (values == null || values.length === 0) return;
    if (isPacked) writer.uint32(listTag).fork();
    for (const value of values) writeValue(isPacked ? writer : writer.uint32(tag), value);
    if (isPacked) writer.ldelim();
  };
}

function createMapWrite(field: protobuf.MapField, writeValue: WriteValue): Write {
  const { name, keyType } = field;
  const keyTag = tagOf(1, (types.mapKey as Record<string, number>)[keyType] as number);
  const valueTag = tagOf(2, wireTypeOf(field));
  const tag = tagOf(field.id, LEN);
  const writeKey = scalarWriter(keyType);
  return (writer, message) => {
    const entries = message[name] as Message | null | undefined;
    if (entries == null) return;
    for (const key of Object.keys(entries)) {
      writeKey(writer.uint32(tag).fork().uint32(keyTag), key);
      writeValue(writer.uint32(valueTag), entries[key]);
      writer.ldelim();
    }
  };
}

function createRead(field: protobuf.Field): Read {
  const { name } = field;
  const readValue = valueReader(field);
  if (field instanceof protobuf.MapField) return createMapRead(field, readValue);
  if (!field.repeated) return (reader, message) => void (message[name] = readValue(reader));
  const isPackable = basicType(field) in types.packed;
  return (reader, message, wireType) => {
    const values = message[name] as unknown[];
    if (!isPackable || wireType !== LEN) return void values.push(readValue(reader));
    const end = reader.uint32() + reader.pos;
    while (reader.pos < end) values.push(readValue(reader));
  };
}

function createMapRead(field: protobuf.MapField, readValue: ReadValue): Read {
  const readKey = scalarReader(field.keyType);
  const [defaultKey, defaultValue] = [field.keyType, basicType(field)].map(
    (type) => (types.defaults as Record<string, unknown>)[type] ?? null,
  );
  return (reader, message) => {
    const end = reader.uint32() + reader.pos;
    let key = defaultKey;
    let value = defaultValue;
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag >>> 3 === 1) key = readKey(reader);
      else if (tag >>> 3 === 2) value = readValue(reader);
      else reader.skipType(tag & 7);
    }
    const entries = message[field.name] as Message;
    // An assignment to `__proto__` would change the prototype.
    if (key === '__proto__')
      Object.defineProperty(entries, key, { value, configurable: true, enumerable: true });
    else entries[String(key)] = value;
  };
}

function valueWriter(field: AnyField): WriteValue {
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Type) {
    const codec = typeCodecOf(resolvedType);
    return (writer, value) => void codec.encode(value as Message, writer.fork()).ldelim();
  }
  return scalarWriter(basicType(field));
}

function valueReader(field: AnyField): ReadValue {
  const { resolvedType } = field;
  if (!(resolvedType instanceof protobuf.Type)) return scalarReader(basicType(field));
  const codec = typeCodecOf(resolvedType);
  return (reader) => {
    const bytes = reader.uint32();
    return codec.decode(reader, reader.pos + bytes);
  };
}

// protobufjs names the methods that write and read a scalar after its type. They are looked up by name, because Node.js uses
// subclasses of the writer and the reader.

function scalarWriter(type: string): WriteValue {
  const method = type as 'string';
  return (writer, value) => void writer[method](value as string);
}

function scalarReader(type: string): ReadValue {
  const method = type as 'string';
  return (reader) => reader[method]();
}

/** Returns the type of a field as it is encoded: that of an enum is an integer. */
function basicType({ type, resolvedType }: AnyField): string {
  return resolvedType instanceof protobuf.Enum ? 'int32' : type;
}

function wireTypeOf(field: AnyField): number {
  return (types.basic as Record<string, number>)[basicType(field)] ?? LEN;
}

function tagOf(id: number, wireType: number): number {
  return ((id << 3) | wireType) >>> 0;
}
