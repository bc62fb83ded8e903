import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { defineConfig } from 'tsup';
import { base } from '../../tsup.base';

type Plugin = NonNullable<(typeof base)['esbuildPlugins']>[number];

const PROXY = 'builtin-for-require';
const IMPORT = 'builtin-import';

/** Maps the whole file to nothing, so that the source map of the bundle does not contain it. */
const NO_SOURCE_MAP = `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(
  JSON.stringify({ version: 3, sources: [''], mappings: 'AAAA' }),
).toString('base64')}`;

/**
 * Turns `require('events')` of bundled CommonJS into an import.
 *
 * An ES module has no `require`. One from `createRequire` works in Node.js, but webpack replaces it, and esbuild has no
 * `import.meta.url` for it once the application is bundled as CommonJS.
 */
const importBuiltins: Plugin = {
  name: 'import-builtins',
  setup(esbuild) {
    esbuild.onResolve({ filter: /.*/ }, ({ path, kind, namespace }) =>
      kind === 'require-call' && namespace === 'file' && builtinModules.includes(path)
        ? { path, namespace: PROXY }
        : undefined,
    );
    esbuild.onLoad({ filter: /.*/, namespace: PROXY }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)}).default;`,
    }));
    esbuild.onResolve({ filter: /.*/, namespace: PROXY }, ({ path }) => ({ path, namespace: IMPORT }));
    esbuild.onLoad({ filter: /.*/, namespace: IMPORT }, ({ path }) => ({
      contents: `import builtin from ${JSON.stringify(path)}; export default builtin;`,
    }));
    esbuild.onResolve({ filter: /.*/, namespace: IMPORT }, ({ path }) => ({ path, external: true }));
  },
};

/** Leaves kafkajs out of the source map, because its sources are not published with this package. */
const skipSourceMap: Plugin = {
  name: 'skip-source-map',
  setup(esbuild) {
    esbuild.onLoad({ filter: /node_modules[\\/]kafkajs[\\/].*\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')) + NO_SOURCE_MAP,
      loader: 'js',
    }));
  },
};

/** Bundles kafkajs, because its patches must not affect a kafkajs of the application. See THIRD-PARTY.md. */
export default defineConfig({
  ...base,
  noExternal: [/^kafkajs/],
  esbuildPlugins: [...(base.esbuildPlugins ?? []), importBuiltins, skipSourceMap],
});
