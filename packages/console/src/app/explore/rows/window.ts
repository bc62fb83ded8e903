/** The rows to render: indexes from `start` to before `end`. */
export interface RowWindow {
  readonly start: number;
  readonly end: number;
}

/** Rows that are rendered above and below the visible ones. */
export const OVERSCAN = 20;

/** Returns the rows that are visible, and `overscan` more on each side. */
export function visibleRows(
  scrollTop: number,
  viewport: number,
  rowHeight: number,
  count: number,
  overscan = OVERSCAN,
): RowWindow {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const shown = Math.ceil(viewport / rowHeight) + 1;
  const start = Math.max(0, Math.min(first, count) - overscan);
  return { start, end: Math.min(count, first + shown + overscan) };
}

/** Returns the scroll position at which a row is fully visible, nearest to the current one. */
export function scrollTopFor(index: number, scrollTop: number, viewport: number, rowHeight: number): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  const bottom = top + rowHeight;
  return bottom > scrollTop + viewport ? bottom - viewport : scrollTop;
}
