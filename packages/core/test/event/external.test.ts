import { describe, expect, it } from 'vitest';
import { encodeEventJson } from '../../src/event/codec';
import { resolveDefaults } from '../../src/event/defaults';
import { decodeExternalEvent } from '../../src/event/external';
import { event } from '../support';

const context = { defaults: resolveDefaults({ origin: 'bus' }), now: () => 5 };
const decode = (text: string | Uint8Array, name = 'events/0/1') =>
  decodeExternalEvent(
    typeof text === 'string' ? Buffer.from(text) : text,
    { name, timestamp: 1_700_000_000_000 },
    context,
  );

describe('decodeExternalEvent', () => {
  it('derives a missing id and time from the position and the content', () => {
    const one = decode('{"message":"a"}');
    expect(one).toMatchObject({ origin: 'bus', timestamp: 1_700_000_000_000, receivedAt: 1_700_000_000_000 });
    expect(one.id).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab]/);
    expect(decode('{"message":"a"}')).toEqual(one);
    expect(decode('{"message":"a"}', 'events/0/2').id).not.toBe(one.id);
    expect(decode('{"message":"b"}').id).not.toBe(one.id);
  });

  it('accepts an encoded event unchanged, including times near 1970', () => {
    const own = event({ timestamp: 5_000.125, receivedAt: 1_600_000_000_000.25 });
    expect(decode(encodeEventJson(own))).toEqual(own);
  });

  it('does not add defaults to an encoded event', () => {
    const tagged = { defaults: resolveDefaults({ tags: ['here'], data: { host: 'b' } }), now: () => 5 };
    const own = event({ tags: ['there'], data: { host: 'a' } });
    expect(decodeExternalEvent(encodeEventJson(own), { name: 'events/0/1' }, tagged)).toEqual(own);
  });

  it.each(['{"message":1}', '[]', 'no json', '{"v":1,"d":3', '{"v":9}'])('rejects %s', (text) => {
    expect(() => decode(text)).toThrow(expect.objectContaining({ code: 'VIGILANT_EVENT_INVALID' }) as Error);
  });

  it('rejects a record whose time is out of range', () => {
    const decode = (timestamp: number) =>
      decodeExternalEvent(Buffer.from('{"message":"m"}'), { name: 'a/0/1', timestamp }, context);
    expect(() => decode(-(2 ** 53))).toThrow(/receivedAt: the record's time/);
    expect(() => decode(Infinity)).toThrow(/receivedAt/);
    expect(decode(2 ** 43).receivedAt).toBe(2 ** 43);
  });

  it.each([0, -1, undefined])('treats a record time of %s as missing', (timestamp) => {
    const position = { name: 'a/0/1', ...(timestamp === undefined ? {} : { timestamp }) };
    const decoded = decodeExternalEvent(Buffer.from('{"message":"m"}'), position, context);
    expect(decoded).toMatchObject({ timestamp: 5, receivedAt: 5 });
  });

  it('rejects bytes that are not UTF-8', () => {
    expect(() => decode(Uint8Array.of(0x7b, 0xff))).toThrow(/UTF-8/);
  });
});
