import { describe, it } from 'vitest';
import type { Faults } from '../support/problem';
import { FILTER, RANGE, answerTo, check, createLimited } from '../support/problem';

const JSON_TYPE = { 'content-type': 'application/json' };
const LINES_TYPE = { 'content-type': 'application/x-ndjson' };

describe('the problem of an invalid body', () => {
  const gzip = { ...JSON_TYPE, 'content-encoding': 'gzip' };
  it.each<[string, string | Uint8Array<ArrayBuffer>, Readonly<Record<string, string>>, Faults, number?]>([
    ['nothing', '', JSON_TYPE, [['body', 'required']]],
    ['half of an object', '{', JSON_TYPE, [['body', 'malformed']]],
    ['a text', '"x"', JSON_TYPE, [['body', 'wrong_type']]],
    ['null', 'null', JSON_TYPE, [['body', 'wrong_type']]],
    ['a number', '5', JSON_TYPE, [['body', 'wrong_type']]],
    ['events that are not an array', '{"events":5}', JSON_TYPE, [['events', 'wrong_type']]],
    ['a batch with another field', '{"events":[],"x":1}', JSON_TYPE, [['x', 'unknown_field']]],
    [
      'an event with wrong fields',
      '{"message":5,"level":"LOUD","foo":1}',
      JSON_TYPE,
      [
        ['foo', 'unknown_field'],
        ['message', 'wrong_type'],
        ['level', 'unknown_value'],
      ],
    ],
    [
      'a batch of wrong events',
      '[{"message":1},5,{}]',
      JSON_TYPE,
      [
        ['events[0].message', 'wrong_type'],
        ['events[1]', 'wrong_type'],
        ['events[2].message', 'required'],
      ],
    ],
    ['an array that is not JSON', '[{"message":"a"},]', JSON_TYPE, [['body', 'malformed']]],
    ['lines that are not JSON', '{', LINES_TYPE, [['events[0]', 'malformed']]],
    ['empty lines', '\n\n', LINES_TYPE, [['body', 'required']]],
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), JSON_TYPE, [['body', 'malformed']]],
    ['bytes that are not gzip', '{}', gzip, [['body', 'malformed']]],
    [
      'an unknown encoding',
      '{}',
      { ...JSON_TYPE, 'content-encoding': 'br' },
      [['Content-Encoding', 'unsupported']],
      415,
    ],
    ['an unknown type', '{}', { 'content-type': 'text/plain' }, [['Content-Type', 'unsupported']], 415],
    [
      'an unknown charset',
      '{}',
      { 'content-type': 'application/json; charset=latin1' },
      [['Content-Type', 'unsupported']],
      415,
    ],
    ['too many bytes', 'x'.repeat(100_001), JSON_TYPE, [['body', 'too_large', 100_000]], 413],
  ])('names the fields for POST /v1/events with %s', async (_, body, headers, expected, status = 400) => {
    check(await answerTo(createLimited(), '/v1/events', { method: 'POST', headers, body }), expected, status);
  });

  it.each<[string, string, Faults]>([
    ['nothing', '', [['body', 'required']]],
    ['half of an object', '{', [['body', 'malformed']]],
    ['a number', '5', [['body', 'wrong_type']]],
    ['null', 'null', [['body', 'wrong_type']]],
    ['an array', '[]', [['body', 'wrong_type']]],
    ['no name', '{}', [['name', 'required']]],
    ['an invisible name', '{"name":"  "}', [['name', 'invalid_value']]],
    ['a long name', `{"name":"${'n'.repeat(101)}"}`, [['name', 'invalid_value', '1–100']]],
    ['a start after the end', '{"name":"n","since":"now","until":"2h"}', [['since', 'out_of_range']]],
    [
      'wrong types',
      '{"name":5,"filter":5,"since":5,"until":5,"columns":5}',
      [
        ['name', 'invalid_value', '1–100'],
        ['filter', 'invalid_value'],
        ['since', 'invalid_value', '1–100'],
        ['until', 'invalid_value', '1–100'],
        ['columns', 'invalid_value', 30],
      ],
    ],
    [
      'wrong values',
      '{"name":"","filter":"sorce:a","since":"q","until":"r","columns":["",5],"foo":1,"naem":1}',
      [
        ['name', 'invalid_value', '1–100'],
        ...[FILTER, ...RANGE],
        ['columns[0]', 'invalid_value', '1–255'],
        ['columns[1]', 'invalid_value', '1–255'],
        ['foo', 'unknown_field'],
        ['naem', 'unknown_field'],
      ],
    ],
  ])('names the fields for a view with %s', async (_, body, expected) => {
    const headers = { ...JSON_TYPE, 'if-match': '*' };
    const limited = createLimited();
    const view = await limited.vigilant.views.create({ name: 'v' });
    check(await answerTo(limited, '/v1/views', { method: 'POST', headers, body }), expected);
    check(await answerTo(limited, `/v1/views/${view.id}`, { method: 'PUT', headers, body }), expected);
  });
});
