import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const QUERY = '?worker';
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles `./x?worker` into one CommonJS script, whose text is the default export.
 *
 * `new Worker(text, { eval: true })` starts it without a file, in the same way from ESM, from CommonJS and from a bundled
 * app. Native modules are external.
 */
async function bundle(path) {
  const result = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['better-sqlite3'],
    minifyWhitespace: true,
    metafile: true,
    absWorkingDir: process.cwd(),
    tsconfig: new URL('../tsconfig.json', import.meta.url).pathname,
    logLevel: 'error',
  });
  return {
    code: `export default ${JSON.stringify(result.outputFiles[0].text)};`,
    inputs: Object.keys(result.metafile.inputs),
  };
}

/** Creates the plugin for vite and vitest. */
export function inlineWorker() {
  return {
    name: 'inline-worker',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith(QUERY)) return undefined;
      return (await bundle(id.slice(0, -QUERY.length))).code;
    },
    async resolveId(id, importer) {
      if (!id.endsWith(QUERY) || importer === undefined) return undefined;
      return `${resolve(dirname(importer), id.slice(0, -QUERY.length))}.ts${QUERY}`;
    },
  };
}

/** The plugin for esbuild and tsup. */
export const inlineWorkerEsbuild = {
  name: 'inline-worker',
  setup(esbuild) {
    esbuild.onResolve({ filter: /\?worker$/ }, ({ path, resolveDir }) => ({
      // Relative, because the code and its source map name it.
      path: `${relative(ROOT, resolve(resolveDir, path.slice(0, -QUERY.length)))}.ts`,
      namespace: 'inline-worker',
    }));
    esbuild.onLoad({ filter: /.*/, namespace: 'inline-worker' }, async ({ path }) => ({
      contents: (await bundle(resolve(ROOT, path))).code,
      loader: 'js',
    }));
  },
};
