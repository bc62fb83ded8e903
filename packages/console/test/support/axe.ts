import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axeCore from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Returns the findings of axe, with the elements. */
export async function findings(page: Page): Promise<string[]> {
  // The page forbids inline scripts, but not what the browser itself runs.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof axeCore };
    const { violations } = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.flatMap(({ id, impact, nodes }) =>
      nodes.map(
        (node) => `${id} (${impact}): ${node.html.slice(0, 160)} ${node.failureSummary?.slice(0, 200)}`,
      ),
    );
  });
}
