import { MAX_VIEW_COLUMNS, MAX_VIEW_NAME_CHARACTERS } from '@vigilant/core';
import type { Schema } from '../wire/schema';
import { flag, integer, list, object, ref, text, time } from '../wire/schema';

/** Whether a result includes every event accepted before the request. */
export const FRESHNESS: Schema = object({
  complete: flag('Whether the result includes every event accepted before the request.'),
  'pending?': integer('Number of events that are not stored yet, if known.'),
});

/** Cost of a read. */
export const STATISTICS: Schema = object({
  'scanned?': integer('Number of events read, matching or not.'),
  'elapsedMs?': { type: 'number', description: 'Duration in milliseconds.' },
});

/** Number of events after the default end of the range. */
export const BEYOND: Schema = integer(
  'Number of matching events after the default end of the range, up to 100.',
);

const shortText = (description: string): Schema => ({ type: 'string', maxLength: 255, description });

const EVENT: Schema = object({
  id: { type: 'string', maxLength: 128, description: 'Identifies the event.' },
  message: text('Text of the event.'),
  level: ref('Level'),
  severity: integer('Meaning defined by the sender.', -(2 ** 31), 2 ** 31 - 1),
  timestamp: time('When the event occurred, with six fractional digits.'),
  receivedAt: time('When the event was accepted.'),
  origin: shortText('Host or service that logged the event.'),
  source: shortText('Part of the origin that logged the event.'),
  type: shortText('Type of the event.'),
  group: shortText('Group of the event.'),
  tags: list(shortText('Tag'), 'Tags in the order given by the sender.'),
  data: { type: 'object', description: 'Any JSON object. Integers beyond 2^53 are strings of their digits.' },
  'sequence?': integer('Order of arrival in the store. Absent from the events of a tail.', 1),
});

const EVENT_INPUT: Schema = {
  type: 'object',
  description: 'An event. Fields that are null or absent have their default. Unknown fields are rejected.',
  required: ['message'],
  properties: {
    id: { description: 'String or integer. By default a new UUIDv7.' },
    message: text('Text of the event, up to 64 KiB of UTF-8.'),
    level: text('Name of a level in any case. By default INFO.'),
    severity: { description: '32-bit integer. By default 0.' },
    timestamp: { description: 'ISO 8601 or an epoch. By default now.' },
    origin: shortText('Host or service.'),
    source: shortText('Part of the origin.'),
    type: shortText('By default log.'),
    group: shortText('By default default.'),
    tags: { description: 'Array of strings, or one string with tags separated by commas.' },
    data: { type: 'object', description: 'Any JSON object, up to 256 KiB of UTF-8.' },
  },
};

const VIOLATION: Schema = object({
  field: text('Path of the field, such as `tags[2]`; in a batch, `events[3].level`.'),
  code: text('Stable, machine-readable code, such as `too_long`.'),
  reason: text('Description, with the remedy if there is one.'),
  'limit?': { description: 'The limit that was exceeded, as a number or text.' },
});

const ERROR_FIELDS = {
  code: text('Stable code of the error.'),
  retryable: flag('Whether the same request may succeed later.'),
  violations: list(ref('Violation')),
  'position?': integer('Position of the fault in the filter, in UTF-16 code units.'),
  'retryAfterMs?': { type: 'number', description: 'Recommended pause before a retry, in milliseconds.' },
} as const;

const EVENT_RESULT: Schema = {
  oneOf: [
    object({ id: text('Id of the accepted event.') }),
    object({ error: object({ message: text('What is wrong.'), ...ERROR_FIELDS }) }),
  ],
};

const PROBLEM: Schema = object({
  type: text('URN of the code.'),
  title: text('Meaning of the code.'),
  status: integer('HTTP status.'),
  detail: text('What is wrong with this request, and the remedy.'),
  ...ERROR_FIELDS,
  'results?': list(ref('EventResult'), 'Result of each event, if a batch has no valid one.'),
});

const VIEW_FIELDS = {
  name: { type: 'string', maxLength: MAX_VIEW_NAME_CHARACTERS, description: 'Name of the view.' },
  'since?': text('Start of the range. Relative times stay relative.'),
  'until?': text('End of the range.'),
  'columns?': {
    type: 'array',
    items: text('Name of a field'),
    maxItems: MAX_VIEW_COLUMNS,
    description: 'Fields to show.',
  },
} as const;

const VIEW: Schema = object({
  id: text('Identifies the view.'),
  ...VIEW_FIELDS,
  filter: text('Filter in the filter language.'),
  revision: text('Changes with every update.'),
  updatedAt: time('Time of the last change.'),
});

const VIEW_INPUT: Schema = object({ ...VIEW_FIELDS, 'filter?': text('Filter in the filter language.') });

/** Schemas that routes refer to, by name. */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Event: EVENT,
  EventInput: EVENT_INPUT,
  EventResult: EVENT_RESULT,
  Level: { type: 'string', enum: ['DEBUG', 'INFO', 'WARN', 'ERROR'] },
  Problem: PROBLEM,
  View: VIEW,
  ViewInput: VIEW_INPUT,
  Violation: VIOLATION,
};
