import { status as Status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import type {
  GetEventResponse,
  LogEventResponse,
  LogEventsResponse,
  QueryEventsResponse,
} from '../src/generated/vigilant-v1';
import { collect, createRawClient, failureOf } from './support/raw-client';
import { serve } from './support/serve';

const path = (method: string): string => `/vigilant.v1.EventService/${method}`;

describe('LogEvent', () => {
  it('takes an event with every field and gives it back', async () => {
    const { server } = await serve();
    const client = createRawClient(server.address);
    const event = {
      id: 'order-1',
      message: 'card declined',
      level: 3,
      severity: -7,
      timestamp: { seconds: 1_700_000_000, nanos: 123_456_000 },
      origin: 'web-1',
      source: 'checkout',
      type: 'event',
      group: 'shop',
      tags: ['a', 'b'],
      data: { fields: { userId: { numberValue: 42 }, deep: { listValue: { values: [{ nullValue: 0 }] } } } },
    };
    expect(await client.call<LogEventResponse>(path('LogEvent'), { event })).toMatchObject({ id: 'order-1' });
    const { event: found } = await client.call<GetEventResponse>(path('GetEvent'), { id: 'order-1' });
    const { timestamp, ...rest } = event;
    expect(found).toMatchObject(rest);
    expect(Number(found?.timestamp?.seconds)).toBe(timestamp.seconds);
    expect(found?.timestamp?.nanos).toBe(timestamp.nanos);
    expect(Number(found?.sequence)).toBe(1);
  });
});
