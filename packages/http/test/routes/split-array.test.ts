import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitArray } from '../../src/routes/split-array';

const LIMIT = 100;

describe('splitArray', () => {
  it('returns texts that parse to the elements of any array', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.json({ depthSize: 'small' }), { maxLength: 20 }), async (elements) => {
        const text = `[${elements.join(' , ')}] rest`;
        const found = await splitArray(text, 0, LIMIT);
        expect(found?.count).toBe(elements.length);
        expect(found?.texts.map((each) => JSON.parse(each))).toEqual(
          elements.map((each) => JSON.parse(each)),
        );
        expect(text.slice(found?.end)).toBe(' rest');
      }),
    );
  });

  it('counts the elements beyond the limit without returning them', async () => {
    expect(await splitArray('[1,2,3]', 0, 2)).toEqual({ texts: ['1', '2'], count: 3, end: 7 });
  });

  it.each(['[', '[1,2', '["a]', '["\\"]', '[{]', '['.repeat(100) + ']'.repeat(100)])(
    'returns undefined for the unbalanced or deep text %j',
    async (text) => {
      expect(await splitArray(text, 0, LIMIT)).toBeUndefined();
    },
  );

  it.each(['[,]', '[1,]', '[,1]'])('returns an empty text for a missing element of %j', async (text) => {
    expect((await splitArray(text, 0, LIMIT))?.texts).toContain('');
  });
});
