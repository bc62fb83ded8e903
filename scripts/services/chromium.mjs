import { findProgram, installWithApt, Unavailable } from './tools.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * Finds or installs Chromium, with the fonts that screenshots need. Each test file starts its own browser.
 *
 * @returns {Promise<{ address: string, dispose: () => Promise<void> }>} the path of the program
 */
export async function findChromium() {
  if (findProgram(...NAMES) === undefined)
    await installWithApt('chromium', 'fonts-liberation', 'fonts-dejavu-core');
  const address = findProgram(...NAMES);
  if (address === undefined) throw new Unavailable('chromium is not installed');
  return { address, dispose: async () => {} };
}
