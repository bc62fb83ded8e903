import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, NOW, OUT_OF_TIME, setUp, YEAR } from './support';

describe('Reader', () => {
  describe('default end of the range', () => {
    const ahead = { message: 'ahead', timestamp: NOW + YEAR };
    const recent = [1, 2, 3].map((n) => ({ message: `m${n}`, timestamp: NOW - n * MINUTE }));
    const messages = ({ events }: { readonly events: readonly { readonly message: string }[] }) =>
      events.map(({ message }) => message);

    it('leaves out events in the future and counts them', async () => {
      const { reader } = await setUp([ahead, ...recent]);
      const page = await reader.query();
      expect(messages(page)).toEqual(['m1', 'm2', 'm3']);
      expect(page.beyond).toBe(1);
    });

    it('includes events slightly in the future', async () => {
      const { reader } = await setUp([{ message: 'skewed', timestamp: NOW + MINUTE }]);
      expect(await reader.query()).toMatchObject({ events: [{ message: 'skewed' }], beyond: 0 });
    });

    it('applies to a range with only since', async () => {
      const { reader } = await setUp([ahead, ...recent]);
      const page = await reader.query('', { since: '150s' });
      expect(messages(page)).toEqual(['m1', 'm2']);
      expect(page.beyond).toBe(1);
    });

    it.each([
      ['until', '', { until: '2100-01-01' }],
      ['an upper bound in the filter', 'timestamp<2100-01-01', {}],
      ['a lower bound in the future', 'timestamp>2023-12-01', {}],
    ])('does not apply to %s', async (_, filter, options) => {
      const { reader } = await setUp([ahead, ...recent]);
      const page = await reader.query(filter, options);
      expect(messages(page)).toContain('ahead');
      expect(page.beyond).toBe(0);
    });

    it('does not apply to the order of arrival', async () => {
      const { reader } = await setUp([ahead, ...recent]);
      expect(messages(await reader.query('', { order: 'arrival' }))).toContain('ahead');
    });

    it('stays the same on later pages', async () => {
      const late = { message: 'late', timestamp: NOW + HOUR };
      const { reader, clock } = await setUp([late, ...recent]);
      const first = await reader.query('', { limit: 1, order: 'oldest' });
      clock.setNow(NOW + 2 * HOUR);
      const rest = await reader.query('', { order: 'oldest', cursor: first.nextCursor as string });
      expect(messages(rest)).toEqual(['m2', 'm1']);
    });

    it('does not extend a histogram to future events', async () => {
      const { reader } = await setUp([ahead, ...recent]);
      const histogram = await reader.histogram();
      expect(histogram).toMatchObject({ beyond: 1, until: NOW - MINUTE + 0.001, complete: true });
      expect(histogram.bucketMs).toBeLessThan(MINUTE);
    });

    it('leaves events in the future out of facets', async () => {
      const { reader } = await setUp([{ ...ahead, source: 'broken-clock' }, ...recent]);
      const { facets, beyond } = await reader.facets('', { fields: ['source'] });
      expect(facets[0]?.values).toEqual([{ value: '', count: 3 }]);
      expect(beyond).toBe(1);
    });
  });

  it('does not count later events when the deadline passes first', async () => {
    const { reader } = await setUp([{}], OUT_OF_TIME);
    const answers = await Promise.all([
      reader.query('x', { deadlineMs: 1 }),
      reader.histogram('x', { deadlineMs: 1 }),
      reader.facets('x', { deadlineMs: 1 }),
    ]);
    for (const answer of answers) expect(answer).not.toHaveProperty('beyond');
  });
});
