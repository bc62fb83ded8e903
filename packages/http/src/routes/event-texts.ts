import type { EventInput, VigilantError } from '@vigilant/core';
import { parseJson } from '@vigilant/core';
import type { EventReader } from '@vigilant/core/adapter';
import { MAX_BATCH_EVENTS, createWorkSlicer, invalidEvent, yieldToEventLoop } from '@vigilant/core/adapter';
import { invalidRequest } from '../wire/http-error';
import { CHARACTERS_PER_TURN, splitArray } from './split-array';

/**
 * Maximum characters of the JSON of one event. Longer texts are not parsed. An event within its limits fits even if each
 * character is an escape sequence of six.
 */
export const MAX_EVENT_CHARACTERS = 2 * 1024 * 1024;

/** Cost of an error in comparison with characters of valid JSON. Most of it is its stack. */
const MALFORMED_COST = 4_096;

/** The forms of a batch: an array, or an object that has only the array `events`. */
const FORMS = [
  { start: /^\s*(?=\[)/, end: /^\s*$/ },
  { start: /^\s*\{\s*"events"\s*:\s*(?=\[)/, end: /^\s*\}\s*$/ },
];

/**
 * Parses the events of an array, or of an object with the array `events`. Yields to the event loop in between.
 *
 * @returns `undefined` if the body is anything else that is short enough to be parsed as one event.
 * @throws {VigilantError} `VIGILANT_QUERY_INVALID` if it is not JSON, `VIGILANT_EVENT_INVALID` if it has too many events
 */
export async function parseArray(body: string): Promise<EventReader | undefined> {
  const form = FORMS.find(({ start }) => start.test(body));
  if (form === undefined) return undefined;
  const [start = ''] = form.start.exec(body) ?? [];
  const found = await splitArray(body, start.length, MAX_BATCH_EVENTS);
  if (found === undefined || !form.end.test(body.slice(found.end))) {
    if (body.length <= MAX_EVENT_CHARACTERS) return undefined;
    throw invalidRequest('body', 'malformed', 'is not valid JSON');
  }
  checkCount(found.count);
  return parseTexts(found.texts, (index) => {
    throw invalidRequest('body', 'malformed', `event ${index} is not valid JSON`);
  });
}

/**
 * Parses one event per line. Empty lines are skipped, and a line that is not JSON is an error of its event only.
 *
 * @throws {VigilantError} `VIGILANT_EVENT_INVALID` if there are too many events
 */
export async function parseLines(body: string): Promise<EventReader> {
  const texts: string[] = [];
  const lines: number[] = [];
  let count = 0;
  let pauseAt = CHARACTERS_PER_TURN;
  for (let start = 0, line = 1; start < body.length; line++) {
    const found = body.indexOf('\n', start);
    const end = found === -1 ? body.length : found;
    const text = body.slice(start, end);
    start = end + 1;
    if (start >= pauseAt) {
      await yieldToEventLoop();
      pauseAt = start + CHARACTERS_PER_TURN;
    }
    if (text.trim() === '') continue;
    count += 1;
    if (count > MAX_BATCH_EVENTS) continue;
    texts.push(text);
    lines.push(line);
  }
  checkCount(count);
  return parseTexts(texts, (index) =>
    invalidText(index, 'malformed', `line ${lines[index]} is not valid JSON`),
  );
}

async function parseTexts(
  texts: readonly string[],
  notJson: (index: number) => VigilantError,
): Promise<EventReader> {
  const inputs: EventInput[] = [];
  const errors = new Map<number, VigilantError>();
  const slicer = createWorkSlicer();
  for (const [index, text] of texts.entries()) {
    const input = parse(text);
    if (input === undefined)
      errors.set(index, text.length > MAX_EVENT_CHARACTERS ? tooLong(index, text) : notJson(index));
    inputs.push(input as EventInput);
    await slicer.count(input === undefined ? MALFORMED_COST : text.length);
  }
  return {
    count: inputs.length,
    sizeOf: () => 0,
    readInput(index) {
      const error = errors.get(index);
      if (error !== undefined) throw error;
      return inputs[index] as EventInput;
    },
  };
}

/** Returns `undefined` if a text is not JSON or too long to be an event. */
function parse(text: string): EventInput | undefined {
  if (text.length > MAX_EVENT_CHARACTERS) return undefined;
  try {
    return parseJson(text) as unknown as EventInput;
  } catch {
    return undefined;
  }
}

function checkCount(count: number): void {
  const limit = MAX_BATCH_EVENTS;
  if (count <= limit) return;
  const reason = `has ${count} events; the limit is ${limit}`;
  throw invalidEvent([{ field: 'events', code: 'too_many', reason, limit }]);
}

function tooLong(index: number, { length }: string): VigilantError {
  const limit = MAX_EVENT_CHARACTERS;
  const reason = `has ${length} characters of JSON; the limit is ${limit}`;
  return invalidText(index, 'too_large', reason, limit);
}

function invalidText(index: number, code: string, reason: string, limit?: number): VigilantError {
  const violation = { field: `events[${index}]`, code, reason };
  return invalidEvent([limit === undefined ? violation : { ...violation, limit }]);
}
