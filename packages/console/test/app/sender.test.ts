import { describe, expect, it } from 'vitest';
import type { ApiClient } from '../../src/app/api/client';
import { ApiError } from '../../src/app/api/problem';
import { Sender } from '../../src/app/send/sender.svelte';

function createSender(error: ApiError): Sender {
  return new Sender({ client: { json: () => Promise.reject(error) } as unknown as ApiClient });
}

describe('Sender', () => {
  it.each([
    ['unknown', 'without a response', new ApiError('The server cannot be reached.')],
    [
      'failed',
      'that the server rejects',
      new ApiError('Too large.', { status: 400, code: 'VIGILANT_EVENT_INVALID' }),
    ],
  ])('reports "%s" for an event %s', async (state, _, error) => {
    const sender = createSender(error);
    await expect(sender.send('{}', 'title', { count: 1, perSecond: 1 })).rejects.toBe(error);
    expect(sender.sent).toMatchObject([{ title: 'title', state, error }]);
  });
});
