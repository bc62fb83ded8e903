import { afterEach, describe, expect, it } from 'vitest';
import type { Vigilant } from '../../src/contracts/vigilant';
import type { VigilantOptions } from '../../src/engine/options';
import { MAX_VIEWS } from '../../src/contracts/views';
import { createVigilant } from '../../src/engine/engine';
import { createMemoryStore } from '../../src/memory/memory-store';
import { createManualClock } from '../../src/util/clock';

const engines: Vigilant[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});

function create(options: VigilantOptions = {}): Vigilant {
  const vigilant = createVigilant(options);
  engines.push(vigilant);
  return vigilant;
}

const FULL = {
  name: 'Declined payments',
  filter: 'level>=WARN "card declined"',
  since: '2h',
  until: 'now',
  columns: ['timestamp', 'data.userId'],
};

describe('Vigilant.views', () => {
  it('creates views and lists them by the time of their creation', async () => {
    const clock = createManualClock(1_700_000_000_000);
    const { views } = create({ clock });
    const first = await views.create(FULL);
    const second = await views.create({ name: 'All' });
    expect(first).toEqual({
      ...FULL,
      id: expect.any(String),
      revision: expect.any(String),
      updatedAt: 1_700_000_000_000,
    });
    expect(second).toMatchObject({ name: 'All', filter: '' });
    expect(await views.list()).toEqual([first, second]);
    expect(await views.get(first.id)).toEqual(first);
    expect(await views.get('none')).toBeUndefined();
  });

  it('replaces a view and renews its revision', async () => {
    const { views } = create();
    const { id, revision } = await views.create(FULL);
    const updated = await views.update(id, { name: 'Errors', filter: 'level:ERROR' }, { revision });
    expect(updated).toMatchObject({ id, name: 'Errors', filter: 'level:ERROR' });
    expect(updated).not.toHaveProperty('since');
    expect(updated.revision).not.toBe(revision);
    expect(await views.list()).toEqual([updated]);
  });

  it('rejects a change of a revision that is not current', async () => {
    const { views } = create();
    const { id, revision } = await views.create(FULL);
    await views.update(id, FULL, { revision });
    const conflict = { code: 'VIGILANT_CONFLICT' };
    await expect(views.update(id, FULL, { revision })).rejects.toMatchObject(conflict);
    await expect(views.delete(id, { revision })).rejects.toMatchObject(conflict);
    expect(await views.list()).toHaveLength(1);
  });

  it('deletes a view', async () => {
    const { views } = create();
    const { id, revision } = await views.create(FULL);
    await views.delete(id, { revision });
    expect(await views.list()).toEqual([]);
    const missing = { code: 'VIGILANT_NOT_FOUND' };
    await expect(views.delete(id, { revision })).rejects.toMatchObject(missing);
    await expect(views.update(id, FULL, { revision })).rejects.toMatchObject(missing);
  });

  it.each([
    [{}, 'VIGILANT_QUERY_INVALID', 'name'],
    [{ name: ' ' }, 'VIGILANT_QUERY_INVALID', 'name'],
    [{ name: 'n'.repeat(101) }, 'VIGILANT_QUERY_INVALID', 'name'],
    [{ name: 'n', filter: 5 }, 'VIGILANT_QUERY_INVALID', 'filter'],
    [{ name: 'n', since: 'yesterday' }, 'VIGILANT_QUERY_INVALID', 'since'],
    [{ name: 'n', since: 'now', until: '2h' }, 'VIGILANT_QUERY_INVALID', 'since'],
    [{ name: 'n', columns: 'id' }, 'VIGILANT_QUERY_INVALID', 'columns'],
    [{ name: 'n', columns: Array.from({ length: 31 }, () => 'id') }, 'VIGILANT_QUERY_INVALID', 'columns'],
    [{ name: 'n', columns: ['id', ''] }, 'VIGILANT_QUERY_INVALID', 'columns[1]'],
    [{ name: 'n', colour: 'red' }, 'VIGILANT_QUERY_INVALID', 'colour'],
  ])('rejects %j and names the field', async (input, code, field) => {
    const { views } = create();
    await expect(views.create(input as never)).rejects.toMatchObject({ code, violations: [{ field }] });
    expect(await views.list()).toEqual([]);
  });

  it('rejects an invalid filter with the position of its fault', async () => {
    const created = create().views.create({ name: 'n', filter: 'level>=WARN sorce:a' });
    await expect(created).rejects.toMatchObject({ code: 'VIGILANT_FILTER_INVALID', position: 12 });
  });

  it('rejects a view beyond the limit', async () => {
    const { views } = create();
    for (let count = 0; count < MAX_VIEWS; count += 1) await views.create({ name: `v${count}` });
    await expect(views.create({ name: 'n' })).rejects.toMatchObject({
      code: 'VIGILANT_LIMIT_REACHED',
      retryable: false,
    });
    expect(await views.list()).toHaveLength(MAX_VIEWS);
  });

  it('reports a store without documents', async () => {
    const store = Object.assign(createMemoryStore(), { documents: undefined });
    const { views } = create({ store: store as never });
    await expect(views.list()).rejects.toMatchObject({ code: 'VIGILANT_NOT_SUPPORTED' });
  });

  it('rejects calls after the engine is closed', async () => {
    const vigilant = create();
    await vigilant.close();
    await expect(vigilant.views.list()).rejects.toMatchObject({ code: 'VIGILANT_CLOSED' });
  });
});
