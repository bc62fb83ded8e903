import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axeCore from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A state of a page: how to reach it, and what is visible then. */
export type PageState = readonly [path: string, visible: string, act?: (page: Page) => Promise<void>];

/** How a page is shown. */
export interface Appearance {
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
  /** Rules of axe that it is checked with. @defaultValue all */
  readonly rules?: readonly string[];
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Appearances that every state is checked with: a page that is open changes to them. The long tests have further ones. */
export const APPEARANCES: readonly Appearance[] = [
  { colorScheme: 'light', width: 1440, height: 900 },
  // The dark theme has other colours only.
  { colorScheme: 'dark', width: 1440, height: 900, rules: ['color-contrast'] },
  { colorScheme: 'light', width: 320, height: 640 },
  ...(process.env['VIGILANT_LONG'] ? ([{ colorScheme: 'dark', width: 390, height: 844 }] as const) : []),
];

/** Returns the findings of axe with each appearance, with the elements. */
export async function findingsOf(
  page: Page,
  visible: string,
  appearances = APPEARANCES,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { colorScheme, width, height, rules } of appearances) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await page.locator(visible).first().waitFor();
    const here = await findings(page, rules);
    found.push(...here.map((finding) => `${colorScheme} at ${width} px: ${finding}`));
  }
  return found;
}

/** Returns the findings of axe, with the elements. */
export async function findings(page: Page, rules: readonly string[] = RULES): Promise<string[]> {
  // The page forbids inline scripts, but not what the browser itself runs.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  return page.evaluate(async (runOnly) => {
    const { axe } = globalThis as unknown as { axe: typeof axeCore };
    // Colours are compared once they have changed.
    const isFinite = ({ effect }: Animation): boolean => effect?.getComputedTiming().endTime !== Infinity;
    await Promise.all(
      document
        .getAnimations()
        .filter(isFinite)
        .map(({ finished }) => finished.catch(() => {})),
    );
    const { violations } = await axe.run(document, {
      runOnly: [...runOnly],
      resultTypes: ['violations'],
    });
    return violations.flatMap(({ id, impact, nodes }) =>
      nodes.map(
        (node) => `${id} (${impact}): ${node.html.slice(0, 160)} ${node.failureSummary?.slice(0, 200)}`,
      ),
    );
  }, rules);
}
