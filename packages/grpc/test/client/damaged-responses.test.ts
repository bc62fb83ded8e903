import { createManualClock } from '@vigilant/core';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../../src/client/connection';
import { connect } from '../../src/client/connection';
import { resolveClientOptions } from '../../src/client/client-options';
import { query } from '../../src/client/query';
import { tail } from '../../src/client/tail';
import { override } from '../support/override';

/** An event, or an item of a tail, whose first string is cut off. */
const DAMAGED = Buffer.from([0x0a, 0x05, 0x61]);

const REJECTED = expect.objectContaining({
  code: 'VIGILANT_INTERNAL',
  retryable: false,
  message: expect.stringMatching(/^The server sent a message that cannot be decoded: (id|cursor): /),
});

/** A connection to a server that sends damaged messages. */
function connectToDamaged(): Connection {
  return override(connect(resolveClientOptions({ address: '127.0.0.1:1' })), {
    call: async () => ({ events: [DAMAGED] }),
    stream: () => Object.assign(Readable.from([DAMAGED]), { cancel: () => {} }),
  });
}

describe('query', () => {
  it('rejects if an event of the response cannot be decoded', async () => {
    await expect(query(connectToDamaged(), '', {})).rejects.toEqual(REJECTED);
  });
});

describe('tail', () => {
  it('ends with an error if an item cannot be decoded', async () => {
    const items = tail(connectToDamaged(), createManualClock(), new AbortController().signal, '', {});
    await expect(items.next()).rejects.toEqual(REJECTED);
  });
});
