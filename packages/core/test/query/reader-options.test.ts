import { describe, expect, it } from 'vitest';
import { setUp, setUpRecording } from './support';

describe('Reader', () => {
  describe('options', () => {
    const invalid = { code: 'VIGILANT_QUERY_INVALID' };

    it.each(['query', 'histogram', 'facets'] as const)('rejects unknown options of %s', async (method) => {
      const { reader } = await setUp([]);
      const misspelt = reader[method]('', { sicne: '2h' } as never);
      await expect(misspelt).rejects.toMatchObject({
        ...invalid,
        message: `Unknown option "sicne" of ${method}(). Did you mean "since"?`,
        violations: [{ field: 'sicne', code: 'unknown_option' }],
      });
    });

    it('rejects unknown options of get', async () => {
      const { reader } = await setUp([]);
      await expect(reader.get('a', { fresh: 1 } as never)).rejects.toMatchObject(invalid);
    });

    it('names the order that is not valid', async () => {
      const { reader } = await setUp([]);
      await expect(reader.query('', { order: 'latest' as 'newest' })).rejects.toMatchObject({
        ...invalid,
        message: 'order must be one of newest, oldest, arrival, not "latest".',
        violations: [
          { field: 'order', code: 'unknown_value', reason: 'must be one of newest, oldest, arrival' },
        ],
      });
    });

    it('names the option if events cannot be counted by its field', async () => {
      const { reader } = await setUp([]);
      await expect(reader.histogram('', { by: 'id' })).rejects.toMatchObject({
        ...invalid,
        violations: [{ field: 'by', code: 'unknown_value' }],
      });
      await expect(reader.facets('', { fields: ['level', 'lvel'] })).rejects.toMatchObject({
        ...invalid,
        violations: [{ field: 'fields[1]', code: 'unknown_value' }],
      });
    });

    it.each(['query', 'histogram', 'facets'] as const)(
      'rejects a since later than until in %s',
      async (method) => {
        const { reader } = await setUp([]);
        const turned = reader[method]('', { since: '2024-06-02', until: '2024-01-01' });
        await expect(turned).rejects.toMatchObject({ ...invalid, violations: [{ field: 'since' }] });
        await expect(reader[method]('', { since: 'now', until: '2h' })).rejects.toMatchObject(invalid);
      },
    );

    it('accepts an empty range', async () => {
      const { reader } = await setUp([{}]);
      const page = await reader.query('', { since: '2024-01-01', until: '2024-01-01' });
      expect(page).toMatchObject({ events: [], complete: true });
    });
  });

  it('checks freshMs even if it does not wait', async () => {
    const { reader } = await setUp([{ id: 'a', message: 'm' }, { message: 'm' }]);
    const invalid = { code: 'VIGILANT_QUERY_INVALID' };
    await expect(reader.get('a', { freshMs: -1 })).rejects.toMatchObject(invalid);
    const { nextCursor = '' } = await reader.query('m', { limit: 1 });
    await expect(reader.query('m', { cursor: nextCursor, freshMs: -1 })).rejects.toMatchObject(invalid);
  });

  it('checks deadlineMs before it waits', async () => {
    const { reader, refreshes } = await setUp([]);
    await expect(reader.query('', { deadlineMs: 0 })).rejects.toMatchObject({
      code: 'VIGILANT_QUERY_INVALID',
    });
    expect(refreshes()).toBe(0);
  });
});

describe('Reader and its store', () => {
  describe('limits of options', () => {
    it.each([
      ['query', 'limit', 1, 10_000],
      ['query', 'maxBytes', 1, 256 * 1024 * 1024],
      ['query', 'freshMs', 0, 600_000],
      ['query', 'deadlineMs', 1, 600_000],
      ['histogram', 'buckets', 1, 1_000],
      ['histogram', 'limit', 1, 1_000],
      ['histogram', 'freshMs', 0, 600_000],
      ['histogram', 'deadlineMs', 1, 600_000],
      ['facets', 'limit', 1, 1_000],
      ['facets', 'freshMs', 0, 600_000],
      ['facets', 'deadlineMs', 1, 600_000],
    ] as const)('accepts for %s() a %s from %d to %d', async (method, option, min, max) => {
      const { reader } = await setUpRecording();
      for (const value of [min, max])
        await expect(reader[method]('', { [option]: value })).resolves.toBeDefined();
      for (const value of [min - 1, max + 1])
        await expect(reader[method]('', { [option]: value })).rejects.toMatchObject({
          code: 'VIGILANT_QUERY_INVALID',
          message: expect.stringContaining(`${option} must be an integer from ${min} to ${max}`) as string,
        });
    });

    it('accepts from 1 to 20 fields of facets', async () => {
      const { reader } = await setUpRecording();
      const fields = (count: number) => Array.from({ length: count }, (_, n) => `data.f${n}`);
      for (const count of [1, 20])
        await expect(reader.facets('', { fields: fields(count) })).resolves.toBeDefined();
      for (const count of [0, 21])
        await expect(reader.facets('', { fields: fields(count) })).rejects.toMatchObject({
          code: 'VIGILANT_QUERY_INVALID',
          message: expect.stringMatching(/^fields must be .* 1 to 20/) as string,
        });
    });

    it('rejects an unknown order', async () => {
      const { reader } = await setUpRecording();
      await expect(reader.query('', { order: 'random' as never })).rejects.toMatchObject({
        code: 'VIGILANT_QUERY_INVALID',
        message: expect.stringMatching(/^order must be .*newest, oldest/) as string,
      });
    });

    it.each(['newest', 'oldest', 'arrival'] as const)('accepts the order %s', async (order) => {
      const { reader, queries } = await setUpRecording();
      await reader.query('', { order });
      expect(queries[0]?.order).toBe(order);
    });
  });
});
