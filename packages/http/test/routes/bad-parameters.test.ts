import { describe, expect, it } from 'vitest';
import type { Faults } from '../support/problem';
import { FILTER, RANGE, answerTo, check, createLimited } from '../support/problem';

const integer = (min: number, max: number) => `${min}–${max}`;
const FRESH = ['freshMs', 'out_of_range', integer(0, 600_000)] as const;
const DEADLINE = ['deadlineMs', 'out_of_range', integer(1, 600_000)] as const;
const bad = 'filter=sorce:a&since=x&until=y&nope=1';
const nope = ['nope', 'unknown_option'] as const;

describe('the problem of invalid parameters', () => {
  it.each<[string, Faults]>([
    [
      `/v1/events?${bad}&order=q&limit=0&cursor=x&maxBytes=0&freshMs=-1&deadlineMs=z`,
      [
        ...[FILTER, ...RANGE, ['order', 'unknown_value'] as const],
        ['limit', 'out_of_range', integer(1, 10_000)],
        ['cursor', 'malformed'],
        ['maxBytes', 'out_of_range', integer(1, 8_388_608)],
        ...[FRESH, DEADLINE, nope],
      ],
    ],
    [
      '/v1/events?limit=1&limit=2&filter=%ff&%ff=1',
      [
        ['filter', 'malformed'],
        ['limit', 'repeated'],
        ['%ff', 'unknown_option'],
      ],
    ],
    ['/v1/events?since=2h&until=3h', [['since', 'out_of_range']]],
    [`/v1/events?filter=${'a'.repeat(9_000)}`, [['filter', 'too_large', 8_192]]],
    [`/v1/events?filter=${'('.repeat(40)}`, [['filter', 'too_large', 32]]],
    [`/v1/events/${'i'.repeat(129)}`, [['id', 'too_long', 128]]],
    ['/v1/events/none?freshMs=-1&nope=1', [FRESH, nope]],
    ['/v1/event', [['id', 'required']]],
    ['/v1/event?id=', [['id', 'required']]],
    [
      `/v1/histogram?${bad}&buckets=0&by=colour&limit=0&freshMs=-1&deadlineMs=0`,
      [
        ...[FILTER, ...RANGE],
        ['buckets', 'out_of_range', integer(1, 1_000)],
        ['by', 'unknown_value'],
        ['limit', 'out_of_range', integer(1, 1_000)],
        ...[FRESH, DEADLINE, nope],
      ],
    ],
    ['/v1/histogram?by=', [['by', 'unknown_value']]],
    ['/v1/histogram?by=timestamp', [['by', 'unknown_value']]],
    [
      `/v1/facets?${bad}&field=colour&field=level&field=id&limit=0&freshMs=-1&deadlineMs=0`,
      [
        ...[FILTER, ...RANGE],
        ['field', 'unknown_value'],
        ['field', 'unknown_value'],
        ['limit', 'out_of_range', integer(1, 1_000)],
        ...[FRESH, DEADLINE, nope],
      ],
    ],
    [`/v1/facets?${'field=level&'.repeat(21)}`, [['field', 'too_many', 20]]],
    ['/v1/tail?filter=sorce:a&cursor=x&nope=1', [FILTER, ['cursor', 'malformed'], nope]],
    [
      `/v1/export?${bad}&order=q&limit=0&format=xml`,
      [
        ...[FILTER, ...RANGE, ['order', 'unknown_value'] as const],
        ['limit', 'out_of_range', integer(1, 1_000_000_000)],
        ['format', 'unknown_value'],
        nope,
      ],
    ],
    ['/v1/views?nope=1', [nope]],
    ['/v1/status?nope=1', [nope]],
    ['/livez?nope=1', [nope]],
    ['/readyz?nope=1', [nope]],
    ['/metrics?nope=1', [nope]],
    ['/openapi.json?nope=1', [nope]],
  ])('names all of them in %s', async (path, expected) => {
    check(await answerTo(createLimited(), path), expected);
  });

  it('reports at most 20 of them', async () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `p${index}=1`).join('&');
    expect((await answerTo(createLimited(), `/v1/events?${many}`)).faults).toHaveLength(20);
  });

  it.each<[string, Faults]>([['x', [['Last-Event-ID', 'malformed']]]])(
    'names Last-Event-ID for the value %s',
    async (value, expected) => {
      check(await answerTo(createLimited(), '/v1/tail', { headers: { 'last-event-id': value } }), expected);
    },
  );
});
