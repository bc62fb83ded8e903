import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/generated/vigilant-v1';
import { codecOf } from '../../src/wire/schema';

const VARINT = 0;
const FIXED64 = 1;
const LEN = 2;
const GROUP = 3;
const END_GROUP = 4;
const FIXED32 = 5;

type Bytes = readonly number[];

const tag = (number: number, wireType: number): number => (number << 3) | wireType;
const text = (value: string): Bytes => [...Buffer.from(value)];
/** A field with a length of less than 16 KiB. */
const len = (number: number, content: Bytes): Bytes => {
  const { length } = content;
  const size = length < 0x80 ? [length] : [(length & 0x7f) | 0x80, length >> 7];
  return [tag(number, LEN), ...size, ...content];
};
const varint = (number: number, ...bytes: Bytes): Bytes => [tag(number, VARINT), ...bytes];

const decode = (name: string, bytes: Bytes): unknown => codecOf(name).decode(Buffer.from(bytes));
const decodeEvent = (...fields: readonly Bytes[]): unknown => decode('vigilant.v1.Event', fields.flat());
const decodeQuery = (...fields: readonly Bytes[]): unknown =>
  decode('vigilant.v1.QueryEventsRequest', fields.flat());

/** -1 as a varint. */
const MINUS_ONE: Bytes = [...Array<number>(9).fill(0xff), 0x01];

/** A `data` of nested structs: each level is a Struct in a Value in a map entry. */
function nested(levels: number): Bytes {
  let data: Bytes = [];
  for (let level = 0; level < levels; level += 1) data = len(1, len(2, len(5, data)));
  return len(11, data);
}

describe('codecOf().decode', () => {
  it('returns every field of a message', () => {
    const event = {
      id: 'a',
      message: 'naïve ☃ 日本語 😀'.repeat(40),
      severity: -7,
      timestamp: { seconds: -62_135_596_800, nanos: 5 },
      tags: ['', 'ß'],
      data: { fields: { '': { numberValue: -0.5 }, ключ: { listValue: { values: [{ boolValue: true }] } } } },
      sequence: Number.MAX_SAFE_INTEGER,
    };
    const codec = codecOf<object>('vigilant.v1.Event');
    const decoded = codec.decode(codec.encode(event)) as Event;
    const { timestamp, sequence, ...rest } = event;
    expect(decoded).toMatchObject(rest);
    expect(Number(decoded.timestamp?.seconds)).toBe(timestamp.seconds);
    expect(Number(decoded.sequence)).toBe(sequence);
  });

  it('skips unknown fields of every wire type', () => {
    const group = [
      (tag(200, GROUP) & 0x7f) | 0x80,
      200 >> 4,
      ...len(1, text('x')),
      (tag(200, END_GROUP) & 0x7f) | 0x80,
      200 >> 4,
    ];
    expect(
      decodeQuery(
        [tag(15, FIXED64), 1, 2, 3, 4, 5, 6, 7, 8],
        [tag(15, FIXED32), 1, 2, 3, 4],
        varint(15, ...MINUS_ONE),
        len(15, text('x')),
        group,
        len(1, text('level:INFO')),
      ),
    ).toMatchObject({ filter: 'level:INFO' });
  });

  it.each<[string, string, Bytes]>([
    ['a string that is cut off', 'filter', [tag(1, LEN), 10, ...text('level')]],
    ['a nested string that is cut off', 'timestamp', [tag(5, LEN), 5, tag(1, VARINT), 1]],
    ['bytes that are cut off', 'data_json', [tag(12, LEN), 3, ...text('{')]],
    ['a string without a length', 'filter', [tag(1, LEN)]],
    ['a varint that is cut off', 'page_size', varint(5, 0x80)],
    ['a varint of four bytes that is cut off', 'severity', varint(4, 0x80, 0x80, 0x80, 0x80)],
    [
      'a double that is cut off',
      'data.fields.value.number_value',
      len(11, len(1, len(2, [tag(2, FIXED64), 1]))),
    ],
    [
      'a string that passes the end of its message',
      'data.fields.key',
      [...len(11, len(1, [tag(1, LEN), 9])), ...text('beyond it')],
    ],
  ])('rejects %s', (_what, field, bytes) => {
    const isQuery = ['filter', 'page_size'].includes(field);
    const name = isQuery ? 'vigilant.v1.QueryEventsRequest' : 'vigilant.v1.Event';
    expect(() => decode(name, bytes)).toThrow(
      expect.objectContaining({ field, reason: expect.stringMatching(/ends|beyond/) }),
    );
  });

  it.each<[string, Bytes]>([
    ['tag', [0x80]],
    ['unknown field', [tag(15, LEN), 2, 1]],
    ['unknown group', [tag(15, GROUP), ...len(1, text('x'))]],
  ])('rejects a message that ends within an %s', (_what, bytes) => {
    expect(() => decodeQuery(bytes)).toThrow(expect.objectContaining({ field: '' }));
  });

  it.each<[string, Bytes]>([
    ['field number 0', [tag(0, VARINT), 1]],
    ['wire type 6', [tag(15, 6), 1]],
    ['wire type 7', [tag(1, 7), 1]],
    ['end of a group that did not begin', [tag(15, END_GROUP)]],
    ['group that ends with another number', [tag(15, GROUP), tag(14, END_GROUP)]],
    ['varint of eleven bytes', [tag(15, VARINT), ...Array<number>(10).fill(0x80), 0]],
  ])('rejects a %s', (_what, bytes) => {
    expect(() => decodeQuery(bytes)).toThrow(expect.objectContaining({ name: 'DecodeError' }));
  });

  it.each<[string, () => unknown]>([
    ['filter', () => decodeQuery(varint(1, 3), text('abc'))],
    ['order', () => decodeQuery(len(4, [1]))],
    ['message', () => decodeEvent([tag(2, FIXED32), 1, 2, 3, 4])],
    ['timestamp', () => decodeEvent(varint(5, 1))],
    ['data.fields.value.number_value', () => decodeEvent(len(11, len(1, len(2, varint(2, 1)))))],
    ['tags', () => decodeEvent(varint(10, 0))],
  ])('rejects the wrong wire type of %s', (field, call) => {
    expect(call).toThrow(expect.objectContaining({ field, reason: expect.stringContaining('wire type') }));
  });

  it.each<[string, Bytes]>([
    ['the byte FF', [0xff]],
    ['a character that is cut off', [0xe2, 0x98]],
    ['an overlong form', [0xc0, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a wrong byte after many others', [...text('m'.repeat(126)), 0xff]],
  ])('rejects text with %s, which is not UTF-8', (_what, bytes) => {
    const rejected = expect.objectContaining({ field: 'message', reason: 'is not valid UTF-8' });
    expect(() => decodeEvent(len(2, bytes))).toThrow(rejected);
  });

  it('accepts bytes that are not UTF-8', () => {
    expect(decodeEvent(len(12, [0xff]))).toMatchObject({ dataJson: Buffer.from([0xff]) });
  });

  it('names a string of a map that is not UTF-8', () => {
    const data = len(11, len(1, [...len(1, text('key')), ...len(2, len(3, [0xff]))]));
    expect(() => decodeEvent(data)).toThrow(
      expect.objectContaining({ field: 'data.fields.value.string_value' }),
    );
  });

  it.each<[string, Bytes]>([
    ['severity', varint(4, 0x80, 0x80, 0x80, 0x80, 0x10)],
    ['severity', varint(4, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01)],
    ['severity', varint(4, ...Array<number>(9).fill(0x80), 0x01)],
    ['level', varint(3, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20)],
  ])('rejects a %s that does not fit in 32 bits', (field, bytes) => {
    const rejected = expect.objectContaining({ field, reason: expect.stringContaining('32 bits') });
    expect(() => decodeEvent(bytes)).toThrow(rejected);
  });

  it('accepts a negative number of 32 bits', () => {
    expect(decodeEvent(varint(4, ...MINUS_ONE))).toMatchObject({ severity: -1 });
    expect(decodeEvent(varint(4, 0xff, 0xff, 0xff, 0xff, 0x0f))).toMatchObject({ severity: -1 });
  });

  it('rejects a message that is nested too deeply', () => {
    expect(() => decodeEvent(nested(32))).not.toThrow();
    expect(() => decodeEvent(nested(60))).toThrow(
      expect.objectContaining({
        field: expect.stringMatching(/^data\.fields\.value\..{1,100}…$/),
        reason: 'is nested more than 100 messages deep',
      }),
    );
  });

  it('accepts packed and unpacked numbers of a repeated field', () => {
    const name = 'grpc.reflection.v1.ExtensionNumberResponse';
    expect(decode(name, [...len(2, [1, 2]), ...varint(2, 3)])).toMatchObject({ extensionNumber: [1, 2, 3] });
    expect(() => decode(name, len(2, [1, 0x80]))).toThrow(
      expect.objectContaining({ field: 'extension_number' }),
    );
  });
});

describe('a message that is truncated at any byte', () => {
  it('is rejected, or ends after a whole field', () => {
    const codec = codecOf<object>('vigilant.v1.QueryEventsRequest');
    const request = { filter: 'level>=WARN source:auth', since: '2h', until: 'now', order: 2, pageSize: 500 };
    const bytes = codec.encode(request);
    const whole = Object.values(request);
    for (let end = 0; end < bytes.length; end += 1) {
      let decoded: object;
      try {
        decoded = codec.decode(bytes.subarray(0, end));
      } catch {
        continue;
      }
      expect(Object.values(decoded)).toEqual(whole.slice(0, Object.values(decoded).length));
    }
  });
});
