import { describe, expect, it } from 'vitest';
import { decodeControlMessage, encodeControlMessage } from '../../src/coordination/control-message';
import type { ControlMessage } from '../../src/coordination/control-message';

describe('decodeControlMessage', () => {
  it.each<ControlMessage>([{ flush: new Map([[0, 12]]) }, { alive: 'a' }, { gone: 'a' }])(
    'decodes what encodeControlMessage encodes: %o',
    (message) => expect(decodeControlMessage(encodeControlMessage(message))).toEqual(message),
  );

  it.each([
    ['{"v":1,"flush":{"0":12}}', { flush: new Map([[0, 12]]) }],
    ['{"v":1,"alive":"a"}', { alive: 'a' }],
    ['{"v":1,"gone":"a"}', { gone: 'a' }],
  ])('decodes %s, the format of earlier versions', (text, message) => {
    expect(decodeControlMessage(Buffer.from(text))).toEqual(message);
  });

  it.each([
    '',
    '{',
    '1',
    '{"v":2,"alive":"a"}',
    '{"v":1}',
    '{"v":1,"flush":{"x":1}}',
    '{"v":1,"flush":{"0":-1}}',
  ])('returns undefined for %s', (text) => expect(decodeControlMessage(Buffer.from(text))).toBeUndefined());
});
