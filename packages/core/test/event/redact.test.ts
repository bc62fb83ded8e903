import { describe, expect, it } from 'vitest';
import { decodeEvent, encodeEventJson } from '../../src/event/codec';
import { resolveDefaults } from '../../src/event/defaults';
import type { Event, EventInput } from '../../src/event/event';
import { decodeExternalEvent } from '../../src/event/external';
import { normalizeEvent } from '../../src/event/normalize';
import { redactEvent } from '../../src/event/redact';

const context = { defaults: resolveDefaults({}), now: () => 1_700_000_000_000.125, newId: () => 'new-id' };
const normalize = (input: EventInput, defaults = context.defaults): Event =>
  normalizeEvent(input, { ...context, defaults });

/** Removes `data.secret` in place, as applications do although the type does not allow it. */
function redactInPlace(event: Event): Event {
  const data = event.data as Record<string, unknown>;
  if ('secret' in data) data['secret'] = '***';
  (event.tags as string[]).push('redacted');
  return event;
}

describe('redactEvent', () => {
  it.each([1, 45_000, 200_000])('encodes the result of an in-place change of %i bytes of data', (size) => {
    const event = normalize({ message: 'm', data: { secret: 'hunter2', padding: 'x'.repeat(size) } });
    const redacted = redactEvent(event, redactInPlace);
    expect(redacted.data).toMatchObject({ secret: '***' });
    expect(Buffer.from(encodeEventJson(redacted)).toString()).not.toContain('hunter2');
    expect(decodeEvent(encodeEventJson(redacted))).toEqual(redacted);
  });

  it('applies to records of other producers', () => {
    const record = Buffer.from(
      JSON.stringify({ message: 'm', data: { secret: 'hunter2', padding: 'x'.repeat(60_000) } }),
    );
    const event = decodeExternalEvent(record, { name: 'p' }, { ...context, redact: redactInPlace });
    expect(Buffer.from(encodeEventJson(event)).toString()).not.toContain('hunter2');
  });

  it('shares no objects with defaults and other events', () => {
    const defaults = resolveDefaults({ tags: ['t'], data: { nested: { secret: 'kept' } } });
    const change = (event: Event): Event => {
      (event.tags as string[]).push('x');
      (event.data['nested'] as Record<string, unknown>)['secret'] = '***';
      return event;
    };
    expect(redactEvent(normalize({ message: 'm' }, defaults), change).tags).toEqual(['t', 'x']);
    expect(normalize({ message: 'm' }, defaults)).toMatchObject({
      tags: ['t'],
      data: { nested: { secret: 'kept' } },
    });
    redactEvent(normalize({ message: 'm' }), redactInPlace);
    expect(normalize({ message: 'm' }).tags).toEqual([]);
  });

  it('keeps everything that redact does not change', () => {
    const event = normalize({
      ...{ id: 'i', message: 'm', level: 'warn', severity: 3, timestamp: new Date(5), origin: 'o' },
      ...{ source: 's', type: 't', group: 'g', tags: ['x'], data: { a: [1] } },
    });
    expect(redactEvent(event, (same) => same)).toEqual(event);
  });

  it('validates the result of redact', () => {
    const redact = (event: Event) => ({ ...event, level: 'SECRET' }) as never;
    expect(() => redactEvent(normalize({ message: 'm' }), redact)).toThrow(
      /not return a valid event \(level: is not a level/,
    );
    expect(() => redactEvent(normalize({ message: 'm' }), () => undefined as never)).toThrow(
      /not return a valid event/,
    );
  });

  it('does not quote the error of redact', () => {
    const redact = (event: Event): never => JSON.parse(`${event.message}`) as never;
    let error: unknown;
    try {
      redactEvent(normalize({ message: 'hunter2' }), redact);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ code: 'VIGILANT_INTERNAL', retryable: false });
    expect((error as Error).message).toBe('The redact option threw SyntaxError; the event was not accepted.');
    expect((error as Error).cause).toBeUndefined();
  });
});
