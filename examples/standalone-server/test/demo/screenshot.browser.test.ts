import { createVigilant } from '@vigilant/core';
import { consoleFiles } from '@vigilant/console';
import { serveHttp } from '@vigilant/http';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { launch, openPage, untilLoaded } from '../../../../packages/console/test/support/browser';
import { ROOT } from '../../../../scripts/lib/setup.mjs';
import { describeWithService } from '../../../../scripts/services/in-tests.mjs';
import { MINUTE_MS, eventsOfMinute } from '../../src/demo/shop';

const MINUTES = 60;

describeWithService('chromium', 'the screenshots of the README', (chromium) => {
  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it('show the shop of the demo; VIGILANT_UPDATE_IMAGES=1 writes them', async () => {
      const vigilant = createVigilant();
      const server = await serveHttp(vigilant, { port: 0, console: consoleFiles });
      const browser = await launch(chromium);
      onTestFinished(async () => {
        await browser.close();
        await server.close({ graceMs: 0 });
        await vigilant.close();
      });
      const now = Math.floor(Date.now() / MINUTE_MS);
      for (let minute = now - MINUTES; minute < now; minute++)
        await vigilant.logBatch(eventsOfMinute(minute));
      const { events } = await vigilant.query('source:billing declined', { limit: 1 });
      const { page, faults } = await openPage(browser, `${server.url}?id=${events[0]?.id}`, { colorScheme });
      await untilLoaded(page);
      await page.getByText('Core').first().waitFor();
      await page.waitForLoadState('networkidle');
      const image = join(ROOT, 'docs', 'images', `console-${colorScheme}.png`);
      const bytes = await page.screenshot({ animations: 'disabled' });
      if (process.env['VIGILANT_UPDATE_IMAGES'] === '1') {
        mkdirSync(dirname(image), { recursive: true });
        writeFileSync(image, bytes);
      }
      expect(existsSync(image)).toBe(true);
      expect(faults).toEqual([]);
    }, 60_000);
  });
});
