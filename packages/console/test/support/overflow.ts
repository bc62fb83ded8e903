import type { Page } from 'playwright-core';

/** Widths of windows, in pixels. A page is opened at the first one. */
export const WIDTHS = [320, 390, 768, 1024, 1280] as const;

export const viewportOf = (width: number) => ({ width, height: 800 });

/** Returns by how many pixels the document and its main part are wider than they are shown. */
export function overflowOf(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    // The page observes its size and draws again.
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    await frame();
    const sizeOf = (element: Element | null) =>
      element === null ? 0 : element.scrollWidth - element.clientWidth;
    return [sizeOf(document.documentElement), sizeOf(document.querySelector('main'))];
  });
}
