import { describe, expect, it } from 'vitest';
import type { EventInput, VigilantOptions } from '../../src/index';
import { createMemoryBroker, createMemoryStore, createVigilant } from '../../src/index';

// Also a test of the types, because the repository is checked with exactOptionalPropertyTypes.

const OPTIONS: VigilantOptions = {
  broker: undefined,
  store: undefined,
  defaults: { origin: undefined, source: undefined, tags: undefined, data: undefined },
  level: undefined,
  batch: { intervalMs: undefined, maxEvents: undefined, maxBytes: undefined },
  freshMs: undefined,
  graceMs: undefined,
  deadLetters: { documents: undefined, maxCount: undefined },
  retention: { maxAge: undefined, byLevel: undefined, maxBytes: undefined },
  redact: undefined,
  onDiagnostic: undefined,
  clock: undefined,
};

const INPUT: EventInput = {
  message: 'first',
  id: undefined,
  level: undefined,
  timestamp: undefined,
  tags: undefined,
  data: undefined,
};

describe('createVigilant()', () => {
  it('treats options, fields and query options that are undefined as absent', async () => {
    const vigilant = createVigilant(OPTIONS);
    await vigilant.log(INPUT);
    const { events } = await vigilant.query('', { since: undefined, limit: undefined, cursor: undefined });
    expect((await vigilant.flush({ timeoutMs: undefined, signal: undefined })).complete).toBe(true);
    expect(events).toMatchObject([{ message: 'first', level: 'INFO', tags: [], data: {} }]);
    await vigilant.close();
  });

  it('treats options of memory adapters, tails and views that are undefined as absent', async () => {
    const vigilant = createVigilant({
      broker: createMemoryBroker({ maxBytes: undefined }),
      store: createMemoryStore({ maxEvents: undefined }),
    });
    const view = await vigilant.views.create({ name: 'all', filter: undefined, columns: undefined });
    expect(view).toMatchObject({ name: 'all', filter: '' });
    const tail = vigilant.tail('', { cursor: undefined, checkpoints: undefined, signal: undefined });
    const [item] = await Promise.all([tail.next(), vigilant.log(INPUT)]);
    expect(item.value).toMatchObject({ type: 'event', event: { message: 'first' } });
    await vigilant.close();
  });

  it('accepts caught values of any type', async () => {
    const vigilant = createVigilant();
    const caught: unknown = new Error('failed');
    vigilant.error(caught);
    vigilant.error('also failed', caught);
    expect((await vigilant.query('level:ERROR')).events).toHaveLength(2);
    await vigilant.close();
  });
});
