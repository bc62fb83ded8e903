import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { MINUTE_MS, eventsOfMinute } from '../../../examples/standalone-server/src/demo/shop';
import { ROOT } from '../../../scripts/lib/setup.mjs';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { launch, openPage, untilLoaded } from './support/browser';
import { startConsole } from './support/console-server';

const MINUTES = 60;

describeWithService('chromium', 'the screenshots of the README', (chromium) => {
  it.each(['light', 'dark'] as const)(
    'show the shop of the demo in %s; VIGILANT_UPDATE_IMAGES=1 writes them',
    async (colorScheme) => {
      const [browser, { vigilant, server, seed, close }] = await Promise.all([
        launch(chromium),
        startConsole(),
      ]);
      onTestFinished(async () => {
        await browser.close();
        await close();
      });
      const now = Math.floor(Date.now() / MINUTE_MS);
      for (let minute = now - MINUTES; minute < now; minute++) await seed(eventsOfMinute(minute));
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
    },
    120_000,
  );
});
