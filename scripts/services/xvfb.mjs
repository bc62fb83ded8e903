import { findProgram, installWithApt, Unavailable } from './tools.mjs';

/**
 * Finds or installs Xvfb, a display without a screen. Each test file starts its own.
 *
 * @returns {Promise<{ address: string, dispose: () => Promise<void> }>} the path of the program
 */
export async function findXvfb() {
  if (process.platform !== 'linux') throw new Unavailable('it is only available on Linux');
  if (findProgram('Xvfb') === undefined) await installWithApt('xvfb');
  const address = findProgram('Xvfb');
  if (address === undefined) throw new Unavailable('Xvfb is not installed');
  return { address, dispose: async () => {} };
}
