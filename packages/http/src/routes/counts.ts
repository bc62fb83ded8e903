import type { FacetOptions, HistogramOptions } from '@vigilant/core';
import { formatTimestamp } from '@vigilant/core';
import { parseCountField } from '@vigilant/core/adapter';
import { jsonResponse } from '../wire/responses';
import { flag, integer, list, object, text, time } from '../wire/schema';
import type { Route } from './route';
import { json } from './route';
import { DEADLINE, FILTER, FRESH, RANGE } from './shared-parameters';
import { BEYOND, FRESHNESS, STATISTICS } from './shared-schemas';

const RESULT = {
  complete: flag('`false` when the deadline ended the count.'),
  'beyond?': BEYOND,
  freshness: FRESHNESS,
  'statistics?': STATISTICS,
};

/** Counts events per bucket of time. */
export const getHistogram: Route = {
  method: 'GET',
  path: '/v1/histogram',
  operationId: 'getHistogram',
  summary: 'Counts matching events per bucket of time.',
  scopes: ['read'],
  parameters: [
    FILTER,
    ...RANGE,
    { name: 'buckets', description: 'Maximum number of buckets.', schema: integer('Buckets', 1, 1_000) },
    {
      name: 'by',
      description: 'Field to count by, such as `level`.',
      schema: text('Field'),
      check: parseCountField,
    },
    { name: 'limit', description: 'Maximum number of distinct values.', schema: integer('Values', 1, 1_000) },
    FRESH,
    DEADLINE,
  ],
  responses: {
    200: json(
      'Counts in ascending order of time. Empty buckets are left out.',
      object({
        buckets: list(
          object({
            start: time('Start of the bucket.'),
            counts: {
              type: 'object',
              additionalProperties: integer('Count'),
              description: 'Counts by value of the field.',
            },
            'other?': integer('Sum of the counts of all other values.'),
          }),
        ),
        'from?': time('Start of the first bucket. Absent if no event matches.'),
        'until?': time('End of the last bucket. Absent if no event matches.'),
        bucketMs: {
          type: 'number',
          description: 'Width of a bucket in milliseconds; 0 if no event matches.',
        },
        exact: flag('`false` when counts may be too low or approximate.'),
        ...RESULT,
      }),
    ),
  },
  async handle({ vigilant, values, signal }) {
    const { filter = '', ...options } = values;
    const result = await vigilant.histogram(filter as string, { ...options, signal } as HistogramOptions);
    const { buckets, from, until, ...rest } = result;
    const range = rest.bucketMs === 0 ? {} : { from: formatTimestamp(from), until: formatTimestamp(until) };
    return jsonResponse({
      buckets: buckets.map((bucket) => ({ ...bucket, start: formatTimestamp(bucket.start) })),
      ...range,
      ...rest,
    });
  },
};

/** Returns the most frequent values of fields. */
export const listFacets: Route = {
  method: 'GET',
  path: '/v1/facets',
  operationId: 'listFacets',
  summary: 'Returns the most frequent values of fields among matching events.',
  scopes: ['read'],
  parameters: [
    FILTER,
    ...RANGE,
    {
      name: 'field',
      option: 'fields',
      description: 'A field, such as `source` or `data.userId`. May be repeated, up to 20 times.',
      schema: { type: 'array', items: text('Field'), maxItems: 20 },
      check: parseCountField,
    },
    {
      name: 'limit',
      description: 'Maximum number of values per field.',
      schema: integer('Values', 1, 1_000),
    },
    FRESH,
    DEADLINE,
  ],
  responses: {
    200: json(
      'The values of each field in descending order of their count.',
      object({
        facets: list(
          object({
            field: text('Name of the field.'),
            values: list(object({ value: text('Value'), count: integer('Count') })),
            'distinct?': integer('Number of distinct values, if known.'),
            exact: flag('`false` when counts may be too low or approximate.'),
          }),
        ),
        ...RESULT,
      }),
    ),
  },
  async handle({ vigilant, values, signal }) {
    const { filter = '', ...options } = values;
    return jsonResponse(await vigilant.facets(filter as string, { ...options, signal } as FacetOptions));
  },
};
