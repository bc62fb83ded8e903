import type { Page } from 'playwright-core';

/** Replaces the maximum number of rows in the script that the page loads next. */
export async function limitRows(page: Page, max: number): Promise<void> {
  await page.route('**/assets/first-*.js', async (route) => {
    const script = await (await route.fetch()).text();
    const parts = script.split(/\b(?:25e4|250000)\b/);
    if (parts.length !== 2) throw new Error(`The limit is ${parts.length - 1} times in the script.`);
    await route.fulfill({ contentType: 'text/javascript', body: parts.join(`${max}`) });
  });
}
