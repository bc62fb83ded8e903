import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../lib/setup.mjs';

/** Packs a built package into a folder as npm publishes it. Returns the path of the tarball. */
export function packPackage(name: string, folder: string): string {
  if (!existsSync(join(ROOT, 'packages', name, 'dist')))
    throw new Error('The packages are not built; run `npm test`, or `npm run build` first.');
  const pack = ['pack', join(ROOT, 'packages', name), '--pack-destination', folder];
  execFileSync('npm', [...pack, '--ignore-scripts', '--silent'], {
    cwd: folder,
    shell: process.platform === 'win32',
  });
  return join(folder, readdirSync(folder).find((file) => file.startsWith(`vigilant-${name}-`)) ?? '');
}

/** Unpacks a tarball of npm into a folder, which is created. */
export function unpack(tarball: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
}
