import type { DataTest, Filter } from '@vigilant/core';
import { fold } from '@vigilant/core/adapter';
import { hashPath } from '../template/json-paths';
import type { TokenSet } from './token-set';
import { pathToken, tagToken, valueToken } from './token-set';
import type { TrigramSet } from './trigram-set';

/** The sets of some events. Tests of a set that is not known pass. */
export interface SearchSets {
  readonly trigrams: TrigramSet | undefined;
  readonly tokens: TokenSet | undefined;
}

/** Returns whether events with these sets may contain a match. */
export type SetTest = (sets: SearchSets) => boolean;

/** Passes all events. */
export const ALWAYS: SetTest = () => true;

/** A shorter text has no trigram. */
const MIN_SEARCHED = 3;

/**
 * Compiles a filter to a test of sets. Events whose sets fail do not match; others may not match either, so they must be
 * checked.
 *
 * Only the message, tags and values of `data` are tested. A negation passes, because tokens do not show which events lack
 * them.
 *
 * @param filter - Without parts of later versions (see `widenFilter`).
 */
export function compileSetTest(filter: Filter): SetTest {
  switch (filter.kind) {
    case 'and': {
      const tests = filter.filters.map(compileSetTest).filter((test) => test !== ALWAYS);
      return tests.length === 0 ? ALWAYS : (sets) => tests.every((test) => test(sets));
    }
    case 'or': {
      const tests = filter.filters.map(compileSetTest);
      return tests.includes(ALWAYS) ? ALWAYS : (sets) => tests.some((test) => test(sets));
    }
    case 'contains': {
      const text = fold(filter.text);
      if (text.length < MIN_SEARCHED) return ALWAYS;
      return ({ trigrams }) => trigrams?.has(text) ?? true;
    }
    case 'text': {
      if (filter.field !== 'tags' || filter.operator !== 'equals') return ALWAYS;
      const tag = tagToken(filter.value);
      return ({ tokens }) => tokens?.has(tag) ?? true;
    }
    case 'data':
      return compileDataTest(hashPath(filter.path.join('.')), filter.test);
    default:
      return ALWAYS;
  }
}

/** Returns whether the sets of trigrams may be tested. */
export function searchesText(filter: Filter): boolean {
  if (filter.kind === 'contains') return fold(filter.text).length >= MIN_SEARCHED;
  return (filter.kind === 'and' || filter.kind === 'or') && filter.filters.some(searchesText);
}

function compileDataTest(path: number, test: DataTest): SetTest {
  if (test.operator !== 'equals') {
    const present = pathToken(path);
    return ({ tokens }) => tokens?.has(present) ?? true;
  }
  const text = valueToken(path, test.text);
  if (test.literal === undefined) return ({ tokens }) => tokens?.has(text) ?? true;
  const literal = valueToken(path, String(test.literal));
  return ({ tokens }) => tokens === undefined || tokens.has(text) || tokens.has(literal);
}
