import { isUtf8 } from 'node:buffer';
import protobuf from 'protobufjs/light.js';
import { DecodeError } from './decode-error';
import type { FieldShape, MessageShape } from './message-shape';
import { WIRE_TYPES, shapeOf } from './message-shape';

const { VARINT, I64, LEN, SGROUP, EGROUP, I32 } = WIRE_TYPES;

/** Names of the wire types in the documentation of the encoding. */
const WIRE_TYPE_NAMES = Object.keys(WIRE_TYPES);

/** Maximum length of the path of a field in an error. */
const MAX_PATH_CHARACTERS = 100;

/** Maximum bytes of a text that is checked one by one, which is faster for short texts. */
const SHORT_TEXT_BYTES = 128;

/**
 * Checks that bytes are a message of a type: that each value ends within its message, has the wire type of its field and
 * fits its type, and that text is UTF-8. protobufjs checks little of that. Unknown fields are skipped.
 *
 * @throws {DecodeError}
 */
export function checkMessage(type: protobuf.Type, bytes: Uint8Array): void {
  new MessageChecker(bytes).checkMessage(shapeOf(type), bytes.length, 0);
}

/** The position of a check in the bytes of a message. */
class MessageChecker {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Checks the fields of a message up to its end. */
  checkMessage(shape: MessageShape, end: number, depth: number): void {
    if (depth > protobuf.Reader.recursionLimit)
      throw new DecodeError('', `is nested more than ${protobuf.Reader.recursionLimit} messages deep`);
    while (this.#position < end) {
      const tag = this.#readUint32(end);
      const field = shape.fields[tag >>> 3];
      if (field === undefined) this.#skip(tag, end, depth);
      else this.#checkField(field, tag & 7, end, depth);
    }
  }

  #checkField(field: FieldShape, wireType: number, end: number, depth: number): void {
    try {
      if (wireType === field.wireType) this.#checkValue(field, end, depth);
      else if (wireType === LEN && field.isPackable) this.#checkPacked(field, end, depth);
      else throw wrongWireType(field, wireType);
    } catch (error) {
      throw error instanceof DecodeError ? within(field.name, error) : error;
    }
  }

  #checkValue({ kind, message }: FieldShape, end: number, depth: number): void {
    switch (kind) {
      case 'string':
        return this.#checkText(this.#readEnd(end));
      case 'bytes':
        this.#position = this.#readEnd(end);
        return;
      case 'message': {
        const shape = message as MessageShape;
        return this.checkMessage(shape, this.#readEnd(end), shape.isMapEntry ? depth : depth + 1);
      }
      case 'double':
        return this.#skipBytes(8, end);
      case 'int64':
        return void this.#skipVarint(end);
      default:
        return this.#checkInteger(end, kind === 'int32');
    }
  }

  #checkPacked(field: FieldShape, end: number, depth: number): void {
    const packedEnd = this.#readEnd(end);
    while (this.#position < packedEnd) this.#checkValue(field, packedEnd, depth);
  }

  /** Skips the value of an unknown field. */
  #skip(tag: number, end: number, depth: number): void {
    if (tag >>> 3 === 0) throw new DecodeError('', 'has a field with the number 0');
    switch (tag & 7) {
      case VARINT:
        return void this.#skipVarint(end);
      case I64:
        return this.#skipBytes(8, end);
      case LEN:
        this.#position = this.#readEnd(end);
        return;
      case SGROUP:
        return this.#skipGroup(tag >>> 3, end, depth + 1);
      case I32:
        return this.#skipBytes(4, end);
      default:
        throw new DecodeError('', `has a field with the invalid wire type ${tag & 7}`);
    }
  }

  #skipGroup(number: number, end: number, depth: number): void {
    if (depth > protobuf.Reader.recursionLimit)
      throw new DecodeError('', `has groups nested more than ${protobuf.Reader.recursionLimit} deep`);
    for (;;) {
      const tag = this.#readUint32(end);
      if ((tag & 7) !== EGROUP) this.#skip(tag, end, depth);
      else if (tag >>> 3 === number) return;
      else throw new DecodeError('', `has a group with the number ${number} that ends with another number`);
    }
  }

  /** Reads the length of a value and returns the position of its end. */
  #readEnd(end: number): number {
    const length = this.#readUint32(end);
    const left = end - this.#position;
    if (length > left)
      throw new DecodeError('', `has a length of ${length} bytes, but its message ends after ${left}`);
    return this.#position + length;
  }

  /** Reads a tag or a length. */
  #readUint32(end: number): number {
    const bytes = this.#bytes;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.#position >= end) throw endsEarly();
      const byte = bytes[this.#position++] as number;
      if (shift === 28 && byte > 0x0f) break;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new DecodeError('', 'has a tag or length that does not fit in 32 bits');
  }

  /** Skips a varint of up to 64 bits. */
  #skipVarint(end: number): void {
    const limit = this.#position + 10;
    while (this.#position < limit) {
      if (this.#position >= end) throw endsEarly();
      const byte = this.#bytes[this.#position++] as number;
      if (byte < 0x80) return;
    }
    throw new DecodeError('', 'has a varint of more than 10 bytes');
  }

  /** Checks a 32-bit integer. A negative one is encoded in 64 bits. */
  #checkInteger(end: number, isSigned: boolean): void {
    const start = this.#position;
    this.#skipVarint(end);
    const length = this.#position - start;
    if (length < 5) return;
    const fifth = this.#bytes[start + 4] as number;
    if (length === 5 && fifth <= 0x0f) return;
    if (isSigned && length === 10 && fifth >= 0xf8 && this.#isSignExtension(start + 5)) return;
    throw new DecodeError('', 'does not fit in 32 bits');
  }

  /** Returns whether the last five bytes of a ten-byte varint are the sign extension of a negative number. */
  #isSignExtension(start: number): boolean {
    for (let index = start; index < start + 4; index += 1) if (this.#bytes[index] !== 0xff) return false;
    return this.#bytes[start + 4] === 0x01;
  }

  #checkText(end: number): void {
    const bytes = this.#bytes;
    const start = this.#position;
    this.#position = end;
    if (end - start <= SHORT_TEXT_BYTES) {
      let index = start;
      while (index < end && (bytes[index] as number) < 0x80) index += 1;
      if (index === end) return;
    }
    if (!isUtf8(bytes.subarray(start, end))) throw new DecodeError('', 'is not valid UTF-8');
  }

  #skipBytes(count: number, end: number): void {
    if (end - this.#position < count) throw endsEarly();
    this.#position += count;
  }
}

function endsEarly(): DecodeError {
  return new DecodeError('', 'ends within a value');
}

function wrongWireType({ wireType }: FieldShape, found: number): DecodeError {
  const name = WIRE_TYPE_NAMES[found] ?? String(found);
  return new DecodeError('', `has the wire type ${name} instead of ${WIRE_TYPE_NAMES[wireType]}`);
}

function within(name: string, { field, reason }: DecodeError): DecodeError {
  if (field === '') return new DecodeError(name, reason);
  const path = `${name}.${field}`;
  return new DecodeError(
    path.length > MAX_PATH_CHARACTERS ? `${path.slice(0, MAX_PATH_CHARACTERS)}…` : path,
    reason,
  );
}
