/** Returns a text without case and accents, for comparison. */
function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
}

/**
 * Returns how well a folded text matches the words of a query, or `undefined` if one of them is not part of it. Lower is better:
 * a word at the start of the text, at the start of one of its words, or within a word.
 */
function scoreOf(words: readonly string[], text: string): number | undefined {
  let score = 0;
  for (const word of words) {
    const index = text.indexOf(word);
    if (index === -1) return undefined;
    if (index === 0) continue;
    score += isWordStart(word, text) ? 1 : 2;
  }
  return score;
}

/** Returns the items that match all words of a query, best first; those that match equally well keep their order. */
export function findMatches<T>(
  query: string,
  items: readonly T[],
  textsOf: (item: T) => { readonly label: string; readonly group: string },
): readonly T[] {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  return items
    .flatMap((item) => {
      const { label, group } = textsOf(item);
      const score = scoreOf(words, fold(`${label} ${group}`));
      return score === undefined ? [] : [{ item, score }];
    })
    .sort((a, b) => a.score - b.score)
    .map(({ item }) => item);
}

function isWordStart(word: string, text: string): boolean {
  for (let index = text.indexOf(word); index !== -1; index = text.indexOf(word, index + 1))
    if (/[^\p{L}\p{N}]/u.test(text[index - 1] ?? ' ')) return true;
  return false;
}
