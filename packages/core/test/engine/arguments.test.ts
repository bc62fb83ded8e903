import type { Vigilant } from '@vigilant/core';
import { VigilantError, createVigilant } from '@vigilant/core';
import { afterAll, describe, expect, it } from 'vitest';

/** Calls a method with any value as one of its arguments. */
type Call = (vigilant: Vigilant, value: never) => unknown;

/** Values of every kind, by name. */
const VALUES: Readonly<Record<string, unknown>> = {
  null: null,
  'a number': 5,
  NaN,
  'a text': 'x',
  'an empty text': '',
  'an object': {},
  'an array': [],
  'a boolean': true,
  'a function': () => {},
  'a symbol': Symbol('s'),
  'a bigint': 5n,
  'a Date': new Date(0),
  'a Map': new Map(),
};

/** A valid key of a letter that does not exist is another error. */
function ignoreNotFound(error: unknown): void {
  if (!(error instanceof VigilantError) || error.code !== 'VIGILANT_NOT_FOUND') throw error;
}

const QUERY = 'VIGILANT_QUERY_INVALID';
const FILTER = 'VIGILANT_FILTER_INVALID';
const EVENT = 'VIGILANT_EVENT_INVALID';
const OPTIONS = 'VIGILANT_OPTIONS_INVALID';
const CURSOR = 'VIGILANT_CURSOR_INVALID';

const OBJECTS = ['an object', 'a Date', 'a Map'];
const TEXTS = ['a text'];
const TIMES = ['a number', 'a bigint', 'a Date'];

/** Each argument and option of the interface: its error code, and the names of the values that it accepts. */
const ARGUMENTS: readonly (readonly [string, string, readonly string[], Call])[] = [
  ['log(input)', EVENT, [], (vigilant, value) => vigilant.log(value)],
  ['logBatch(inputs)', EVENT, ['an array'], (vigilant, value) => vigilant.logBatch(value)],
  ['findConflicts(inputs)', EVENT, ['an array'], (vigilant, value) => vigilant.findConflicts(value)],
  ['child(defaults)', OPTIONS, OBJECTS, (vigilant, value) => vigilant.child(value)],
  ['get(id)', QUERY, TEXTS, (vigilant, value) => vigilant.get(value)],
  ['get(, options)', QUERY, OBJECTS, (vigilant, value) => vigilant.get('a', value)],
  ['get(, { freshMs })', QUERY, ['a number'], (vigilant, freshMs) => vigilant.get('a', { freshMs })],
  ['get(, { signal })', QUERY, [], (vigilant, signal) => vigilant.get('a', { signal })],
  ...(['query', 'histogram', 'facets'] as const).flatMap((method): typeof ARGUMENTS => {
    const call =
      (options: (value: never) => object): Call =>
      (vigilant, value) =>
        vigilant[method]('', options(value));
    return [
      [
        `${method}(filter)`,
        FILTER,
        ['a text', 'an empty text', 'an object'],
        (vigilant, value) => vigilant[method](value),
      ],
      [`${method}(, options)`, QUERY, OBJECTS, (vigilant, value) => vigilant[method]('', value)],
      [`${method}(, { since })`, QUERY, TIMES, call((since) => ({ since }))],
      [`${method}(, { until })`, QUERY, TIMES, call((until) => ({ until }))],
      [`${method}(, { freshMs })`, QUERY, ['a number'], call((freshMs) => ({ freshMs }))],
      [`${method}(, { deadlineMs })`, QUERY, ['a number'], call((deadlineMs) => ({ deadlineMs }))],
      [`${method}(, { limit })`, QUERY, ['a number'], call((limit) => ({ limit }))],
      [`${method}(, { signal })`, QUERY, [], call((signal) => ({ signal }))],
    ];
  }),
  ['query(, { order })', QUERY, [], (vigilant, order) => vigilant.query('', { order })],
  ['query(, { maxBytes })', QUERY, ['a number'], (vigilant, maxBytes) => vigilant.query('', { maxBytes })],
  ['query(, { cursor })', CURSOR, [], (vigilant, cursor) => vigilant.query('', { cursor })],
  [
    'histogram(, { buckets })',
    QUERY,
    ['a number'],
    (vigilant, buckets) => vigilant.histogram('', { buckets }),
  ],
  ['histogram(, { by })', QUERY, [], (vigilant, by) => vigilant.histogram('', { by })],
  ['facets(, { fields })', QUERY, [], (vigilant, fields) => vigilant.facets('', { fields })],
  ['facets(, { fields: [] })', QUERY, [], (vigilant, field) => vigilant.facets('', { fields: [field] })],
  [
    'tail(filter)',
    FILTER,
    ['a text', 'an empty text', 'an object'],
    (vigilant, value) => vigilant.tail(value),
  ],
  ['tail(, options)', QUERY, OBJECTS, (vigilant, value) => vigilant.tail('', value)],
  ['tail(, { cursor })', CURSOR, [], (vigilant, cursor) => vigilant.tail('', { cursor })],
  [
    'tail(, { checkpoints })',
    QUERY,
    ['a boolean'],
    (vigilant, checkpoints) => vigilant.tail('', { checkpoints }),
  ],
  [
    'tail(, { maxBufferedBytes })',
    QUERY,
    ['a number'],
    (vigilant, maxBufferedBytes) => vigilant.tail('', { maxBufferedBytes }),
  ],
  ['tail(, { signal })', QUERY, [], (vigilant, signal) => vigilant.tail('', { signal })],
  ['flush(options)', QUERY, OBJECTS, (vigilant, value) => vigilant.flush(value)],
  ['flush({ timeoutMs })', QUERY, ['a number'], (vigilant, timeoutMs) => vigilant.flush({ timeoutMs })],
  ['flush({ signal })', QUERY, [], (vigilant, signal) => vigilant.flush({ signal })],
  ['deadLetters.list(options)', QUERY, OBJECTS, (vigilant, value) => vigilant.deadLetters.list(value)],
  ['deadLetters.list({ after })', CURSOR, [], (vigilant, after) => vigilant.deadLetters.list({ after })],
  [
    'deadLetters.list({ limit })',
    QUERY,
    ['a number'],
    (vigilant, limit) => vigilant.deadLetters.list({ limit }),
  ],
  ['deadLetters.get(key)', QUERY, TEXTS, (vigilant, key) => vigilant.deadLetters.get(key)],
  [
    'deadLetters.replay(key)',
    QUERY,
    TEXTS,
    (vigilant, key) => vigilant.deadLetters.replay(key).catch(ignoreNotFound),
  ],
  ['deadLetters.delete(key)', QUERY, TEXTS, (vigilant, key) => vigilant.deadLetters.delete(key)],
];

const vigilant = createVigilant();
afterAll(() => vigilant.close());

/** Returns the error of a call, thrown or rejected; `undefined` when it succeeds. */
async function errorOf(call: Call, value: unknown): Promise<unknown> {
  try {
    await call(vigilant, value as never);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Calls with each value; returns the codes of the errors, or what else happened, by name. */
async function outcomesOf(call: Call): Promise<Readonly<Record<string, string>>> {
  const outcomes: Record<string, string> = {};
  for (const [name, value] of Object.entries(VALUES)) {
    const error = await errorOf(call, value);
    if (error === undefined) outcomes[name] = 'accepted';
    else outcomes[name] = error instanceof VigilantError ? error.code : String(error);
  }
  return outcomes;
}

describe('arguments of every method', () => {
  it.each(ARGUMENTS)('%s is %s unless it is valid', async (_, code, accepted, call) => {
    const expected = Object.keys(VALUES).map((name) => [name, accepted.includes(name) ? 'accepted' : code]);
    expect(await outcomesOf(call)).toEqual(Object.fromEntries(expected));
  });
});

describe.each(['debug', 'info', 'warn', 'error'] as const)('%s()', (level) => {
  it('never throws', () => {
    for (const value of Object.values(VALUES)) {
      expect(vigilant[level](value as string)).toBeUndefined();
      expect(vigilant[level]('message', value as object)).toBeUndefined();
    }
  });
});

describe('messages of wrong arguments', () => {
  it.each<[string, (engine: Vigilant) => unknown, string]>([
    [
      'logBatch(null)',
      (engine) => engine.logBatch(null as never),
      'The argument of logBatch() must be an array of events, not null.',
    ],
    [
      'findConflicts(5)',
      (engine) => engine.findConflicts(5 as never),
      'The argument of findConflicts() must be an array of events, not 5.',
    ],
    ['child(null)', (engine) => engine.child(null as never), 'defaults: must be an object, not null'],
    [
      'get(undefined)',
      (engine) => engine.get(undefined as never),
      'id must be a string of 1 to 1000 characters, not undefined.',
    ],
    [
      'query(null)',
      (engine) => engine.query(null as never),
      'The filter must be a string, a tree, or an object of fields and values, not null.',
    ],
    [
      'signal: {}',
      (engine) => engine.flush({ signal: {} as never }),
      'signal must be an AbortSignal, not an object.',
    ],
    [
      'order: "x"',
      (engine) => engine.query('', { order: 'x' as never }),
      'order must be one of newest, oldest, arrival, not "x".',
    ],
    [
      'limit: 0',
      (engine) => engine.query('', { limit: 0 }),
      'limit must be an integer from 1 to 10000, not 0.',
    ],
    [
      "fields: 'level'",
      (engine) => engine.facets('', { fields: 'level' as never }),
      'fields must be an array of 1 to 20 field names, not "level".',
    ],
    [
      'fields: []',
      (engine) => engine.facets('', { fields: [] }),
      'fields must be an array of 1 to 20 field names, not an empty array.',
    ],
    [
      'by: 5',
      (engine) => engine.histogram('', { by: 5 as never }),
      'by must be a name such as level or data.userId, not 5.',
    ],
    [
      'since: NaN',
      (engine) => engine.query('', { since: NaN }),
      'since is not a finite number; relative times such as 2h or now-2h are valid too.',
    ],
    [
      'since: new Date(NaN)',
      (engine) => engine.query('', { since: new Date(NaN) }),
      'since is an invalid Date; relative times such as 2h or now-2h are valid too.',
    ],
    [
      'from: 5',
      (engine) => engine.tail('', { from: 5 } as never),
      'Unknown option "from" of tail(). Valid options: cursor, checkpoints, maxBufferedBytes, signal.',
    ],
  ])('say what is wrong with %s', async (_, call, message) => {
    expect(await errorOf(call, undefined)).toMatchObject({ message });
  });
});

describe('holes in an array', () => {
  it('are invalid events of logBatch()', async () => {
    // eslint-disable-next-line no-sparse-arrays
    const result = await vigilant.logBatch([, { message: 'a' }] as never);
    expect(result).toMatchObject({
      accepted: 1,
      results: [
        { error: { code: EVENT, violations: [{ field: 'events[0]' }] } },
        { id: expect.any(String) as string },
      ],
    });
  });

  it.each([
    ['a tree', { kind: 'and', filters: new Array(1) }],
    ['an object of fields', { level: new Array(1) }],
  ])('are invalid in %s', async (_, filter) => {
    expect(await errorOf((engine) => engine.query(filter as never), undefined)).toMatchObject({
      code: FILTER,
    });
  });
});
