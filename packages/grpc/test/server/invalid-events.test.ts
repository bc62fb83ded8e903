import { status as Status } from '@grpc/grpc-js';
import type { Diagnostic } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { encodedLogEventRequestCodec } from '../../src/wire/encoded-events';
import { createRawClient, failureOf } from '../support/raw-client';
import { serve } from '../support/serve';

const LOG_EVENT = '/vigilant.v1.EventService/LogEvent';
const SEND_LOG = '/logger.LogService/SendLog';

async function setUp() {
  const diagnostics: Diagnostic[] = [];
  const { vigilant, server } = await serve({
    engine: { onDiagnostic: (diagnostic) => diagnostics.push(diagnostic) },
  });
  return { vigilant, diagnostics, client: createRawClient(server.address) };
}

const invalid = (code: Status, field: string, violation: string) => ({
  code,
  error: { code: 'VIGILANT_EVENT_INVALID', violations: [{ field, code: violation }] },
});

describe('an invalid event', () => {
  it.each<[string, string, object, string, string]>([
    ['without a message', LOG_EVENT, { event: { id: 'a' } }, 'message', 'required'],
    [
      'with malformed data_json',
      LOG_EVENT,
      { event: { message: 'm', dataJson: Buffer.from('{"a":') } },
      'data_json',
      'malformed',
    ],
    [
      'with malformed data_json and check_id',
      LOG_EVENT,
      { event: { message: 'm', dataJson: Buffer.from('{"a":') }, checkId: true },
      'data_json',
      'malformed',
    ],
    [
      'with an unknown level of the predecessor',
      SEND_LOG,
      { message: 'm', level: 9 },
      'level',
      'unknown_value',
    ],
  ])('%s is counted and reported', async (_, method, request, field, violation) => {
    const { vigilant, diagnostics, client } = await setUp();
    const failure = await failureOf(client.call(method, request));
    expect(failure).toMatchObject(invalid(Status.INVALID_ARGUMENT, field, violation));
    expect((await vigilant.status()).intake).toMatchObject({ accepted: 0, invalid: 1 });
    expect(diagnostics).toMatchObject([
      { code: 'event-refused', error: { violations: [{ field, code: violation }] } },
    ]);
  });

  it('is counted, with the name of its field, if it is truncated', async () => {
    const { vigilant, client } = await setUp();
    const bytes = encodedLogEventRequestCodec().encode({ event: [Buffer.from([0x12, 0x05, 0x6d])] });
    const failure = await failureOf(client.callBytes(LOG_EVENT, bytes));
    expect(failure).toMatchObject(invalid(Status.INVALID_ARGUMENT, 'message', 'malformed'));
    expect((await vigilant.status()).intake).toMatchObject({ invalid: 1 });
  });
});

describe('a request of LogEvent', () => {
  const event = Buffer.from([0x12, 0x01, 0x6d]);
  const unknownField = Buffer.from([0x78, 0x01]);

  it('may have unknown fields', async () => {
    const { vigilant, client } = await setUp();
    const bytes = Buffer.concat([encodedLogEventRequestCodec().encode({ event: [event] }), unknownField]);
    await client.callBytes(LOG_EVENT, bytes);
    expect((await vigilant.status()).intake).toMatchObject({ accepted: 1, invalid: 0 });
  });

  it.each([
    ['without an event', [], 'required'],
    ['with two events', [event, event], 'too_many'],
  ])('%s is rejected', async (_, events, violation) => {
    const { client } = await setUp();
    const bytes = encodedLogEventRequestCodec().encode({ event: events });
    for (const request of [bytes, Buffer.concat([bytes, unknownField])]) {
      const failure = await failureOf(client.callBytes(LOG_EVENT, request));
      expect(failure).toMatchObject(invalid(Status.INVALID_ARGUMENT, 'event', violation));
    }
  });
});
