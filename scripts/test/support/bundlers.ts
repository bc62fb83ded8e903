import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import nodeResolve from '@rollup/plugin-node-resolve';
import { build as esbuild } from 'esbuild';
import { rollup } from 'rollup';
import webpack from 'webpack';

export type Format = 'esm' | 'cjs';

/** Bundles an app into one file of a folder, with the native driver as an external package. Resolves to the warnings. */
export type Bundle = (entry: string, folder: string, format: Format) => Promise<readonly string[]>;

const DRIVER = 'better-sqlite3';

export const fileName = (format: Format): string => (format === 'esm' ? 'app.mjs' : 'app.cjs');

const bundleWithWebpack: Bundle = (entry, folder, format) => {
  const isModule = format === 'esm';
  const compiler = webpack({
    mode: 'development',
    devtool: false,
    target: 'node20',
    entry,
    output: {
      path: folder,
      filename: fileName(format),
      module: isModule,
      library: { type: isModule ? 'module' : 'commonjs2' },
    },
    experiments: { outputModule: isModule },
    externals: { [DRIVER]: `node-commonjs ${DRIVER}` },
  });
  return new Promise((resolve, reject) =>
    compiler?.run((error, stats) => {
      const { errors = [], warnings = [] } =
        stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
      if (error !== null || errors.length > 0) reject(error ?? new Error(errors[0]?.message));
      else resolve(warnings.map(({ message }) => message));
    }),
  );
};

const bundleWithRollup: Bundle = async (input, folder, format) => {
  const warnings: string[] = [];
  const bundle = await rollup({
    input,
    external: (id) => id === DRIVER || id.startsWith('node:'),
    plugins: [nodeResolve({ exportConditions: ['node'], preferBuiltins: true }), commonjs(), json()],
    // Unused imports are what tree shaking leaves of modules of Node.js.
    onwarn: ({ code, message }) =>
      void (code === 'UNUSED_EXTERNAL_IMPORT' || warnings.push(`${code}: ${message}`)),
  });
  await bundle.write({
    file: join(folder, fileName(format)),
    format: format === 'esm' ? 'es' : 'cjs',
    inlineDynamicImports: true,
  });
  await bundle.close();
  return warnings;
};

/** The `require` of CommonJS packages in an ES module of esbuild, as docs/bundling.md recommends it. */
const BANNER = /js: (".*"),?$/m.exec(
  readFileSync(new URL('../../../docs/bundling.md', import.meta.url), 'utf8'),
)?.[1];

const bundleWithEsbuild: Bundle = async (entry, folder, format) => {
  const { warnings } = await esbuild({
    entryPoints: [entry],
    outfile: join(folder, fileName(format)),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format,
    external: [DRIVER],
    logLevel: 'silent',
    banner: format === 'esm' ? { js: JSON.parse(BANNER ?? '""') as string } : {},
  });
  return warnings.map(({ text }) => text);
};

export const BUNDLERS: Readonly<Record<string, Bundle>> = {
  webpack: bundleWithWebpack,
  rollup: bundleWithRollup,
  esbuild: bundleWithEsbuild,
};
