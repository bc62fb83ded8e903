import { expect, it } from 'vitest';
import { createFolder } from './support/folder';
import { SEALING, killRounds } from './support/kill-rounds';
import { bundleLogger } from './support/program';
import { countBlocks } from './support/stored';

it('stores each accepted event once when its process is killed twenty times under load', async () => {
  const folder = createFolder();
  const { accepted, stored } = await killRounds(await bundleLogger(), folder, 20);
  console.log(`20 kills: ${accepted} events accepted, ${stored} stored`);
  expect(accepted).toBeGreaterThan(2_000);
  folder.remove();
}, 600_000);

it('stores each accepted event once when its process is killed a hundred times while it seals', async () => {
  const folder = createFolder();
  const { accepted, stored } = await killRounds(await bundleLogger(), folder, 100, SEALING);
  console.log(`100 kills: ${accepted} events accepted, ${stored} stored`);
  expect(countBlocks(folder.path)).toBeGreaterThan(100);
  folder.remove();
}, 900_000);
