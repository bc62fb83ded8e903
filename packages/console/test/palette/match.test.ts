import { describe, expect, it } from 'vitest';
import { findMatches } from '../../src/app/palette/match';

const ITEMS = [
  { label: 'Größe der Zeilen', group: 'Einstellung' },
  { label: 'Show or hide the facets', group: 'Action' },
  { label: 'Facets', group: 'Page' },
  { label: 'Surface', group: 'View' },
  { label: 'Europe/Berlin', group: 'Time zone' },
];
const find = (query: string): string[] => findMatches(query, ITEMS, (item) => item).map(({ label }) => label);

describe('findMatches', () => {
  it('returns all items in their order without a query', () => {
    expect(find(' ')).toEqual(ITEMS.map(({ label }) => label));
  });

  it('prefers the start of the text, then starts of words, then parts of words', () => {
    expect(find('fac')).toEqual(['Facets', 'Show or hide the facets', 'Surface']);
  });

  it('requires every word, in any order, also of the group', () => {
    expect(find('facets hide')).toEqual(['Show or hide the facets']);
    expect(find('zone ber')).toEqual(['Europe/Berlin']);
    expect(find('facets berlin')).toEqual([]);
  });

  it('ignores case and accents', () => {
    expect(find('GROSSE')).toEqual([]);
    expect(find('große ZEILEN')).toEqual(['Größe der Zeilen']);
  });

  it('finds texts that contain special characters of regular expressions', () => {
    expect(findMatches('a.*(', [{ label: 'A.*(b', group: '' }], (item) => item)).toHaveLength(1);
    expect(find('.*')).toEqual([]);
  });
});
