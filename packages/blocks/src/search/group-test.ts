import type { DataTest, Filter } from '@vigilant/core';
import { fold } from '@vigilant/core/adapter';
import { hashPath } from '../template/json-paths';
import type { TokenSet } from './token-set';
import { pathToken, tagToken, valueToken } from './token-set';

/** Returns whether a group of events with these tokens may contain a match. */
export type GroupTest = (tokens: TokenSet) => boolean;

/** Passes every group. */
export const ALWAYS: GroupTest = () => true;

/** A shorter text has no trigram. */
const MIN_SEARCHED = 3;

/**
 * Compiles a filter to a test of groups of events. A group that fails contains no match; one that passes may contain none
 * either, so its events must be checked.
 *
 * Only the message, tags and values of `data` are tested. A negation passes, because tokens do not show which events lack
 * them.
 *
 * @param filter - Without parts of later versions (see `widenFilter`).
 */
export function compileGroupTest(filter: Filter): GroupTest {
  switch (filter.kind) {
    case 'and': {
      const tests = filter.filters.map(compileGroupTest).filter((test) => test !== ALWAYS);
      return tests.length === 0 ? ALWAYS : (tokens) => tests.every((test) => test(tokens));
    }
    case 'or': {
      const tests = filter.filters.map(compileGroupTest);
      return tests.includes(ALWAYS) ? ALWAYS : (tokens) => tests.some((test) => test(tokens));
    }
    case 'contains': {
      const text = fold(filter.text);
      if (text.length < MIN_SEARCHED) return ALWAYS;
      return (tokens) => tokens.hasTrigrams(text);
    }
    case 'text': {
      if (filter.field !== 'tags' || filter.operator !== 'equals') return ALWAYS;
      const tag = tagToken(filter.value);
      return (tokens) => tokens.has(tag);
    }
    case 'data':
      return compileDataTest(hashPath(filter.path.join('.')), filter.test);
    default:
      return ALWAYS;
  }
}

function compileDataTest(path: number, test: DataTest): GroupTest {
  if (test.operator !== 'equals') {
    const present = pathToken(path);
    return (tokens) => tokens.has(present);
  }
  const text = valueToken(path, test.text);
  if (test.literal === undefined) return (tokens) => tokens.has(text);
  const literal = valueToken(path, String(test.literal));
  return (tokens) => tokens.has(text) || tokens.has(literal);
}
