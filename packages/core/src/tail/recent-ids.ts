/** A set of ids that forgets the oldest beyond a bound. */
export interface RecentIds {
  add(id: string): void;
  has(id: string): boolean;
  delete(id: string): boolean;
  clear(): void;
}

/** Creates an empty set. */
export function createRecentIds(maxIds: number): RecentIds {
  const ids = new Set<string>();
  return {
    add(id) {
      ids.add(id);
      if (ids.size <= maxIds) return;
      const [oldest] = ids;
      ids.delete(oldest as string);
    },
    has: (id) => ids.has(id),
    delete: (id) => ids.delete(id),
    clear: () => ids.clear(),
  };
}
