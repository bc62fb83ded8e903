import { expect, it } from 'vitest';
import { createFolder } from './support/folder';
import { killRounds } from './support/kill-rounds';
import { bundleLogger } from './support/program';

it('stores each accepted event once when its process is killed twenty times under load', async () => {
  const folder = createFolder();
  const { accepted, stored } = await killRounds(await bundleLogger(), folder, 20);
  console.log(`20 kills: ${accepted} events accepted, ${stored} stored`);
  expect(accepted).toBeGreaterThan(2_000);
  folder.remove();
}, 600_000);
