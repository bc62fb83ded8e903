import { describe, expect, it } from 'vitest';
import { splitJson } from '../../src/template/split-json';

describe('splitJson', () => {
  it('makes a slot of each path', () => {
    const { slots, values } = splitJson('{"a":1,"b":{"c.d":"x"},"e":[true,{"f":null}]}', true) ?? {};
    expect(slots).toEqual(['i"a"', 's"b"."c.d"', 't"e".0', 't"e".1."f"']);
    expect(values).toEqual(['1', 'x', 'true', 'null']);
  });

  it('stores the content of a string with escapes', () => {
    expect(splitJson(JSON.stringify(['a"b\n']), true)?.values).toEqual(['a"b\n']);
  });

  it('stores a string with an unusual escape as it is', () => {
    const { slots, values } = splitJson('["\\u0061"]', true) ?? {};
    expect(slots).toEqual(['t0']);
    expect(values).toEqual(['"\\u0061"']);
  });

  it('stores only integers as integers that are written back in the same way', () => {
    const kinds = splitJson('[0,-1,-0,1.5,1e3,123456789012345,1234567890123456]', true)?.slots.map(
      (slot) => slot[0],
    );
    expect(kinds).toEqual(['i', 'i', 't', 't', 't', 'i', 't']);
  });

  it.each(['', '{', '[1', '{"a"}', '{"a":}', '[1]x', '["a', '\u0001'])('does not split %j', (text) => {
    expect(splitJson(text, true)).toBeUndefined();
  });
});
