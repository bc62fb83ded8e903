import type { VigilantError, VigilantOptions } from '@vigilant/core';
import { createMemoryBroker, createMemoryStore, createVigilant } from '@vigilant/core';
import { describe, expect, it } from 'vitest';

function errorOf(options: unknown): VigilantError {
  try {
    createVigilant(options as VigilantOptions);
  } catch (error) {
    return error as VigilantError;
  }
  throw new Error('The options were accepted.');
}

describe('options of createVigilant()', () => {
  it.each<[unknown, string | RegExp]>([
    [null, 'The options of createVigilant() must be an object, not null.'],
    [5, 'The options of createVigilant() must be an object, not 5.'],
    ['x', 'The options of createVigilant() must be an object, not "x".'],
    [[], 'The options of createVigilant() must be an object, not an empty array.'],
    [{ colour: 1 }, /^Unknown option "colour" of createVigilant\(\)\. Valid options: broker, store, /],
    [
      { onDiagnostics: 1 },
      'Unknown option "onDiagnostics" of createVigilant(). Did you mean "onDiagnostic"?',
    ],
    [{ batch: null }, 'batch must be an object, not null.'],
    [{ batch: 5 }, 'batch must be an object, not 5.'],
    [{ batch: { interval: 3 } }, 'Unknown option "interval" of batch. Did you mean "intervalMs"?'],
    [{ batch: { intervalMs: 0 } }, 'batch.intervalMs must be an integer from 1 to 86400000, not 0.'],
    [{ batch: { maxEvents: null } }, 'batch.maxEvents must be an integer from 1 to 100000, not null.'],
    [{ batch: { maxBytes: '5' } }, 'batch.maxBytes must be an integer from 1 to 268435456, not "5".'],
    [{ deadLetters: null }, 'deadLetters must be an object, not null.'],
    [{ deadLetters: { max: 1 } }, 'Unknown option "max" of deadLetters. Valid options: documents, maxCount.'],
    [
      { deadLetters: { documents: {} } },
      'deadLetters.documents must be a DocumentStore but lacks the method get().',
    ],
    [{ deadLetters: { documents: null } }, 'deadLetters.documents must be a DocumentStore, not null.'],
    [{ deadLetters: { maxCount: 0 } }, 'deadLetters.maxCount must be an integer from 1 to 10000000, not 0.'],
    [{ broker: {} }, 'broker must be a Broker but lacks the method open().'],
    [{ broker: createMemoryStore() }, 'broker must be a Broker but lacks the method publish().'],
    [{ broker: null }, 'broker must be a Broker, not null.'],
    [{ store: {} }, 'store must be a Store but lacks the method open().'],
    [{ store: createMemoryBroker() }, 'store must be a Store but lacks the method append().'],
    [
      { store: Object.assign(createMemoryStore(), { capabilities: undefined }) as never },
      'store.capabilities must be an object, not undefined.',
    ],
    [{ store: createMemoryStore }, 'store must be a Store, not a function.'],
    [{ defaults: 5 }, 'defaults must be an object, not 5.'],
    [{ defaults: null }, 'defaults must be an object, not null.'],
    [
      { defaults: { sourse: 'shop' } },
      'defaults.sourse: is not a field with a default. Did you mean "source"?',
    ],
    [{ defaults: { group: 5 } }, /^defaults\.group: must be a string, not /],
    [{ freshMs: -1 }, 'freshMs must be an integer from 0 to 600000, not -1.'],
    [{ graceMs: Infinity }, 'graceMs must be an integer from 0 to 600000, not Infinity.'],
    [{ maxPendingBytes: 1 }, 'maxPendingBytes must be an integer from 1048576 to 4294967296, not 1.'],
    [{ redact: 'x' }, 'redact must be a function, not "x".'],
    [{ redact: null }, 'redact must be a function, not null.'],
    [{ onDiagnostic: 5 }, 'onDiagnostic must be a function, not 5.'],
    [{ clock: {} }, 'clock must be a Clock but lacks the method now().'],
    [{ clock: Date }, 'clock must be a Clock, not a function.'],
  ])('rejects %j', (options, message) => {
    const error = errorOf(options);
    expect(error).toMatchObject({ name: 'VigilantError', code: 'VIGILANT_OPTIONS_INVALID' });
    expect(error.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it('accepts undefined in place of each option', async () => {
    const options = Object.fromEntries(
      [
        ...['broker', 'store', 'defaults', 'batch', 'freshMs', 'graceMs', 'maxPendingBytes'],
        ...['deadLetters', 'retention', 'redact', 'onDiagnostic', 'clock'],
      ].map((name) => [name, undefined]),
    );
    await createVigilant(options).close();
  });
});

describe('options of the adapters in memory', () => {
  it.each<[() => unknown, string]>([
    [
      () => createMemoryBroker(null as never),
      'The options of createMemoryBroker() must be an object, not null.',
    ],
    [() => createMemoryBroker({ maxByte: 1 } as object), 'Did you mean "maxBytes"?'],
    [
      () => createMemoryBroker({ maxBytes: 0 }),
      'maxBytes must be an integer from 1 to 1099511627776, not 0.',
    ],
    [() => createMemoryStore(5 as never), 'The options of createMemoryStore() must be an object, not 5.'],
    [() => createMemoryStore({ max: 1 } as object), 'Valid options: maxEvents.'],
    [
      () => createMemoryStore({ maxEvents: '5' as never }),
      'maxEvents must be an integer from 1 to 1000000000, not "5".',
    ],
  ])('are checked by the factory: %s', (create, message) => {
    expect(create).toThrow(expect.objectContaining({ code: 'VIGILANT_OPTIONS_INVALID' }));
    expect(create).toThrow(message);
  });
});
