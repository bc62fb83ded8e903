import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const QUERY = '?files';
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Reads all files of a folder.
 *
 * @returns the content of each file, compressed with gzip, as base64, by its path from the folder
 */
export function packFiles(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
  const pack = (path) => gzipSync(readFileSync(join(folder, path)), { level: 9 }).toString('base64');
  return Object.fromEntries(paths.map((path) => [path.replaceAll('\\', '/'), pack(path)]));
}

function codeOf(folder) {
  try {
    return `export default ${JSON.stringify(packFiles(folder))};`;
  } catch (error) {
    throw new Error(`${folder} is not built. Run \`npm run build\`.`, { cause: error });
  }
}

/**
 * Makes the files of `./x?files` the default export, as `packFiles` returns them.
 *
 * The files are part of the code, so a bundled app contains them. This is the plugin for vite and vitest.
 */
export function inlineFiles() {
  return {
    name: 'inline-files',
    enforce: 'pre',
    load: (id) => (id.endsWith(QUERY) ? codeOf(id.slice(0, -QUERY.length)) : undefined),
    resolveId: (id, importer) =>
      id.endsWith(QUERY) && importer !== undefined ? resolve(dirname(importer), id) : undefined,
  };
}

/** The plugin for esbuild and tsup. */
export const inlineFilesEsbuild = {
  name: 'inline-files',
  setup(esbuild) {
    esbuild.onResolve({ filter: /\?files$/ }, ({ path, resolveDir }) => ({
      // Relative, because the code and its source map name it.
      path: relative(ROOT, resolve(resolveDir, path.slice(0, -QUERY.length))),
      namespace: 'inline-files',
    }));
    esbuild.onLoad({ filter: /.*/, namespace: 'inline-files' }, ({ path }) => ({
      contents: codeOf(resolve(ROOT, path)),
      loader: 'js',
    }));
  },
};
