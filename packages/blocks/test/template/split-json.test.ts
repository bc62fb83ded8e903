import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/template/split';
import { splitJson } from '../../src/template/split-json';
import { splitText } from '../support/split-text';

const split = (text: string) => splitText(text, splitJson);

describe('splitJson', () => {
  it('finds numbers, Booleans and the contents of strings', () => {
    const { literals, values } = split('{"a":1,"b":{"c.d":"x"},"e":[true,{"f":null}]}') ?? {};
    expect(literals).toBe('{"a":{},"b":{"c.d":"{}"},"e":[{},{"f":null}]}');
    expect(values).toEqual(['1', 'x', 'true']);
  });

  it('assigns a slot to each path and kind of value', () => {
    const slots = (text: string): readonly number[] => split(text)?.slots.map(({ key }) => key) ?? [];
    expect(slots('{"a":1,"b":{"c":2}}')).toEqual(slots('{"a":7,"b":{"c":8}}'));
    expect(slots('{"b":1,"a":{"c":2}}')).not.toEqual(slots('{"a":1,"b":{"c":2}}'));
    expect(slots('{"a":1}')).not.toEqual(slots('{"a":"1"}'));
    expect(new Set(slots('{"a":[1,2,[3]]}')).size).toBe(1);
  });

  it('stores strings with their escapes', () => {
    expect(split(JSON.stringify(['a"b\\\n']))?.values).toEqual(['a\\"b\\\\\\n']);
    expect(split('["\\u0061"]')?.values).toEqual(['\\u0061']);
  });

  it('stores only integers as integers that are written back in the same way', () => {
    const slots = split('[0,-1,-0,1.5,1e3,123456789012345,1234567890123456,01,-]')?.slots ?? [];
    expect(slots.map(({ kind }) => kind === KINDS.INTEGER)).toEqual([
      true,
      true,
      false,
      false,
      false,
      true,
      false,
      false,
      false,
    ]);
  });

  it.each(['["a', '"\\"', '\u0001', '["\u0001"]', `[${'1,'.repeat(64)}1]`])('does not split %j', (text) => {
    expect(split(text)).toBeUndefined();
  });
});
