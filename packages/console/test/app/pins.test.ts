import { describe, expect, it } from 'vitest';
import { movePin, pin, remove, sortByPins, unpin } from '../../src/app/explore/facets/pins';

const fields = { facets: ['level', 'source', 'data.a'], pinned: ['source', 'data.a'] };

describe('pins of facets', () => {
  it('are added at the end, once, and counted', () => {
    expect(pin(fields, 'data.b')).toEqual({
      facets: ['level', 'source', 'data.a', 'data.b'],
      pinned: ['source', 'data.a', 'data.b'],
    });
    expect(pin(fields, 'source')).toEqual(fields);
  });

  it('keep the list of counted fields as it is if the field is counted already', () => {
    expect(pin(fields, 'level').facets).toBe(fields.facets);
    expect(unpin(fields, 'source').facets).toBe(fields.facets);
  });

  it('are removed, with or without the counts', () => {
    expect(unpin(fields, 'data.a')).toEqual({ ...fields, pinned: ['source'] });
    expect(remove(fields, 'data.a')).toEqual({ facets: ['level', 'source'], pinned: ['source'] });
  });

  it('move by one place, but not beyond the ends', () => {
    expect(movePin(fields, 'data.a', -1).pinned).toEqual(['data.a', 'source']);
    expect(movePin(fields, 'source', 1).pinned).toEqual(['data.a', 'source']);
    expect(movePin(fields, 'source', -1).pinned).toEqual(fields.pinned);
    expect(movePin(fields, 'data.a', 1).pinned).toEqual(fields.pinned);
    expect(movePin(fields, 'level', 1).pinned).toEqual(fields.pinned);
  });

  it('come first, in their order', () => {
    const facets = ['level', 'type', 'data.a', 'source'].map((field) => ({ field }));
    expect(sortByPins(facets, fields.pinned).map(({ field }) => field)).toEqual([
      'source',
      'data.a',
      'level',
      'type',
    ]);
  });
});
