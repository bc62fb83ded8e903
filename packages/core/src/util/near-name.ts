/** Returns the known name that a misspelt name most likely stands for, or `undefined` when none is similar. */
export function nearName(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  const allowed = Math.min(2, Math.floor(name.length / 2));
  let nearest: string | undefined;
  let minDistance = allowed + 1;
  for (const candidate of known) {
    const distance = editDistance(lower, candidate.toLowerCase(), allowed);
    if (distance < minDistance) [nearest, minDistance] = [candidate, distance];
  }
  return nearest;
}

/**
 * Advises on an unknown name: suggests the nearest known name, or lists all.
 *
 * @param what - Names the kind of name in the plural, such as `options`.
 */
export function adviseName(name: string, known: readonly string[], what: string): string {
  const near = nearName(name, known);
  return near === undefined ? `Valid ${what}: ${known.join(', ')}.` : `Did you mean "${near}"?`;
}

/** Returns the number of characters to insert, delete, replace or swap, or any number above `limit` if it exceeds that. */
function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) > limit) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1];
      const isSwap = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      next[j] = Math.min(
        at(row, j) + 1,
        at(next, j - 1) + 1,
        at(row, j - 1) + (isSame ? 0 : 1),
        isSwap ? at(before, j - 2) + 1 : Infinity,
      );
    }
    [before, row] = [row, next];
  }
  return at(row, to.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Infinity;
