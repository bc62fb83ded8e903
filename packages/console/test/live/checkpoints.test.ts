import { expect, it } from 'vitest';
import { createApiClient } from '../../src/app/api/client';
import { openTail } from '../../src/app/api/tail';

it('openTail reports checkpoints, except the first message, which only repeats where the tail starts', async () => {
  const calls: string[] = [];
  const text =
    'event: checkpoint\nid: a\ndata: {}\n\nevent: event\nid: b\ndata: {"id":"1"}\n\nevent: checkpoint\nid: c\ndata: {}\n\n';
  await new Promise<void>((resolve) => {
    const tail = openTail({
      client: createApiClient({ base: 'http://127.0.0.1/', fetch: async () => new Response(text) }),
      filter: '',
      onItem: ({ type }) => calls.push(type),
      onCheckpoint: () => calls.push('checkpoint'),
      onState: (state) => {
        if (state !== 'reconnecting') return;
        tail.close();
        resolve();
      },
    });
  });
  expect(calls).toEqual(['event', 'checkpoint']);
});
