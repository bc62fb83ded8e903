import { describe, expect, it, vi } from 'vitest';
import type { ApiClient } from '../../src/app/api/client';
import { ApiError } from '../../src/app/api/problem';
import type { ApiEvent } from '../../src/app/api/types';
import { EventList } from '../../src/app/explore/rows/event-list';
import { Selection } from '../../src/app/explore/selection.svelte';
import { settle } from '../support/settle';

const event = (id: string): ApiEvent => ({ id }) as ApiEvent;

/** Returns a selection over one row, `row`, and the answers to its requests by id. */
function createSelection() {
  const answers = new Map<string, { resolve: (event: ApiEvent) => void; reject: (error: unknown) => void }>();
  const load = vi.fn(
    (id: string) =>
      new Promise<ApiEvent>((resolve, reject) => {
        answers.set(id, { resolve, reject });
      }),
  );
  const list = new EventList();
  list.replace([event('row')]);
  const selection = new Selection({ event: load } as unknown as ApiClient, list);
  return { selection, load, answers };
}

describe('Selection', () => {
  it('ignores the answer for an earlier event after a row was selected', async () => {
    const { selection, answers } = createSelection();
    selection.follow('linked', false);
    selection.follow('row', false);
    answers.get('linked')?.resolve(event('linked'));
    await settle();
    expect(selection.event?.id).toBe('row');
  });

  it('loads an event again after another one was selected', async () => {
    const { selection, answers, load } = createSelection();
    selection.follow('linked', false);
    answers.get('linked')?.resolve(event('linked'));
    await settle();
    selection.follow('row', false);
    selection.follow('linked', false);
    answers.get('linked')?.resolve(event('linked'));
    await settle();
    expect([selection.event?.id, load.mock.calls.length]).toEqual(['linked', 2]);
  });

  it('loads an event again after the request for it failed', async () => {
    const { selection, answers, load } = createSelection();
    selection.follow('linked', false);
    answers.get('linked')?.reject(new ApiError('The server cannot be reached.'));
    await settle();
    selection.follow('linked', false);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('requests a missing event once, and forgets that it is missing when a row is selected', async () => {
    const { selection, answers, load } = createSelection();
    selection.follow('gone', false);
    answers.get('gone')?.reject(new ApiError('Not found.', { status: 404 }));
    await settle();
    selection.follow('gone', false);
    expect([selection.missing, load.mock.calls.length]).toEqual(['gone', 1]);
    selection.follow('row', false);
    expect(selection.missing).toBeUndefined();
  });
});
