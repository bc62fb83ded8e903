import protobuf from 'protobufjs/light.js';
import { describe, expect, it } from 'vitest';
import { SCHEMA } from '../../src/generated/schema';
import { typeCodecOf } from '../../src/wire/type-codec';

const root = protobuf.Root.fromJSON(SCHEMA as protobuf.INamespace).resolveAll();

const MESSAGES: readonly [string, object][] = [
  [
    'vigilant.v1.Event',
    { id: 'a', level: 2, severity: -5, tags: ['x', 'y'], timestamp: { seconds: 1_700_000_000, nanos: 7 } },
  ],
  ['vigilant.v1.Event', { message: 'é', sequence: 2 ** 40, dataJson: new Uint8Array([1, 2, 3]) }],
  [
    'google.protobuf.Struct',
    {
      fields: {
        a: { numberValue: 1.5 },
        b: { listValue: { values: [{ boolValue: true }, { nullValue: 0 }] } },
      },
    },
  ],
  ['vigilant.v1.LogEventsRequest', { events: [{ message: 'one' }, { message: 'two' }] }],
  ['vigilant.v1.Event', {}],
];

/** Returns messages with the values that protobufjs reads from the same bytes. */
function decodeByLibrary(type: protobuf.Type, bytes: Uint8Array): unknown {
  return type.toObject(type.decode(bytes), { arrays: true, objects: true });
}

describe('TypeCodec', () => {
  it.each(MESSAGES)('encodes a %s like protobufjs', (name, message) => {
    const type = root.lookupType(name);
    const bytes = typeCodecOf(type)
      .encode(message as Record<string, unknown>)
      .finish();
    expect([...bytes]).toEqual([...type.encode(message).finish()]);
  });

  it.each(MESSAGES)('decodes a %s like protobufjs', (name, message) => {
    const type = root.lookupType(name);
    const bytes = type.encode(message).finish();
    const decoded = typeCodecOf(type).decode(protobuf.Reader.create(bytes), bytes.length);
    expect(decoded).toEqual(decodeByLibrary(type, bytes));
  });

  it('reads packed and unpacked lists of numbers, and skips unknown fields', () => {
    const type = protobuf.Type.fromJSON('Numbers', {
      fields: { values: { id: 1, type: 'int32', rule: 'repeated' } },
    });
    new protobuf.Root().add(type);
    const bytes = protobuf.Writer.create().uint32(8).int32(1).uint32(10).fork().int32(2).int32(3).ldelim();
    const text = bytes.uint32(18).string('unknown').finish();
    expect(typeCodecOf(type).decode(protobuf.Reader.create(text), text.length)).toEqual({
      values: [1, 2, 3],
    });
  });

  it('omits fields that are null, undefined or inherited', () => {
    const type = root.lookupType('vigilant.v1.Event');
    const message = Object.assign(Object.create({ id: 'inherited' }) as object, {
      message: null,
      origin: undefined,
    });
    expect(
      typeCodecOf(type)
        .encode(message as Record<string, unknown>)
        .finish(),
    ).toHaveLength(0);
  });
});
