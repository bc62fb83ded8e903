import type { Page } from 'playwright-core';

/** What the rows show: each event once, and the events in gaps. */
export interface Shown {
  readonly messages: readonly string[];
  /** Sum of the numbers of all gaps. */
  readonly missed: number;
  readonly gaps: readonly string[];
}

/** Reads all rows by scrolling through them. */
export async function readRows(page: Page): Promise<Shown> {
  const rows = await page.evaluate(async () => {
    const found = new Map<number, { gap: boolean; text: string }>();
    const scroller = document.querySelector('.rows .scroll');
    if (scroller === null) return [];
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    for (let top = 0; ; top += scroller.clientHeight) {
      scroller.scrollTop = top;
      await frame();
      await frame();
      for (const row of document.querySelectorAll<HTMLElement>('.rows .r[data-index]'))
        found.set(Number(row.dataset['index']), {
          gap: row.classList.contains('gap'),
          text: row.querySelector(row.classList.contains('gap') ? '.what' : '.m')?.textContent ?? '',
        });
      if (top + scroller.clientHeight >= scroller.scrollHeight) break;
    }
    return [...found].sort(([a], [b]) => a - b).map(([, row]) => row);
  });
  const gaps = rows.filter(({ gap }) => gap).map(({ text }) => text.trim());
  return {
    messages: rows.filter(({ gap }) => !gap).map(({ text }) => text),
    missed: gaps.reduce((sum, text) => sum + Number(/[\d,]+/.exec(text)?.[0].replaceAll(',', '') ?? 0), 0),
    gaps,
  };
}
