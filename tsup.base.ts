import type { Options } from 'tsup';
import { inlineFilesEsbuild } from './scripts/inline-files.mjs';
import { inlineWorkerEsbuild } from './scripts/inline-worker.mjs';

/** How every package is built: ESM and CommonJS, with types for each. */
export const base: Options = {
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  dts: true,
  clean: true,
  sourcemap: true,
  target: 'node20',
  platform: 'node',
  tsconfig: '../../tsconfig.json',
  // The packages publish `src`, so that the sources exist once and not in each source map.
  esbuildOptions: (options) => void (options.sourcesContent = false),
  esbuildPlugins: [inlineWorkerEsbuild, inlineFilesEsbuild],
};
