import type { Options } from 'tsup';
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
  esbuildPlugins: [inlineWorkerEsbuild],
};
