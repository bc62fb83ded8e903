import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { inlineFilesEsbuild } from '../inline-files.mjs';
import { inlineWorkerEsbuild } from '../inline-worker.mjs';
import { ROOT } from './setup.mjs';

const PACKAGES = ['core', 'conformance', 'grpc', 'http', 'store-sqlite', 'store-mysql', 'kafka'];

const ALIASES = {
  '@vigilant/core/adapter': join(ROOT, 'packages/core/src/adapter/index.ts'),
  ...Object.fromEntries(
    PACKAGES.map((folder) => [`@vigilant/${folder}`, join(ROOT, 'packages', folder, 'src/index.ts')]),
  ),
};

/**
 * Bundles a program from the sources of the packages into one file below this workspace, so that native modules are found.
 *
 * @param {string} entry - Its path from the root.
 * @param {(code: string) => string} [change] - Changes the code of the bundle.
 * @returns {Promise<string>} the path of the file
 */
export async function bundleProgram(entry, change = (code) => code) {
  const name = entry.replace(/\W+/g, '-');
  const outfile = join(ROOT, '.cache', 'programs', `${name}-${process.pid}-${(count += 1)}.mjs`);
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, entry)],
    outfile,
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    tsconfig: join(ROOT, 'tsconfig.json'),
    alias: ALIASES,
    plugins: [inlineFilesEsbuild, inlineWorkerEsbuild],
    logLevel: 'error',
  });
  mkdirSync(dirname(outfile), { recursive: true });
  writeFileSync(outfile, change(outputFiles[0].text));
  return outfile;
}

let count = 0;
