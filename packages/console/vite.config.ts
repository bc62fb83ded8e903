import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

/** Server behind the development server. Start one with `npm start`. */
const SERVER = process.env['VIGILANT_URL'] ?? 'http://127.0.0.1:50052';

const from = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Writes the placeholder exactly as the server expects it. The formatter of the sources writes it differently. */
const basePlaceholder: Plugin = {
  name: 'base-placeholder',
  transformIndexHtml: (html) => html.replace('<base href="/" />', '<base href="/">'),
};

const firstLoad = new Set<string>();

/** Returns whether the entry imports a module, directly or through other modules. */
function isInFirstLoad(
  id: string,
  graph: { getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null },
): boolean {
  const visit = (each: string): void => {
    if (firstLoad.has(each)) return;
    firstLoad.add(each);
    for (const imported of graph.getModuleInfo(each)?.importedIds ?? []) visit(imported);
  };
  visit(from('./src/app/main.ts'));
  return firstLoad.has(id);
}

/** Folders of the app besides those of other pages and of languages. */
const LATER = /\/src\/app\/(?!i18n|overview|send|views\/views)[a-z-]+\//;

export default defineConfig({
  root: from('./src/app'),
  // Paths are relative to the <base> of the page, so the app works under any prefix.
  base: './',
  plugins: [basePlaceholder, svelte({ configFile: from('./svelte.config.js') })],
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['/v1', '/livez', '/readyz', '/openapi.json'].map((path) => [
        path,
        // The server rejects requests whose Host or Origin is not its own.
        { target: SERVER, changeOrigin: true, headers: { origin: SERVER } },
      ]),
    ),
  },
  build: {
    outDir: from('./dist/app'),
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy forbids data: URLs and inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      checks: { bundlerTimings: false },
      output: {
        codeSplitting: {
          // One request loads all code of the first page. Only what is imported on demand is in files of its own.
          groups: [
            { debugName: 'first load', name: (id, context) => (isInFirstLoad(id, context) ? 'first' : null) },
            // Parts that Explore loads right after. Together they compress better than as many small files.
            { debugName: 'later', name: (id) => (LATER.test(id) ? 'later' : null) },
          ],
        },
      },
    },
  },
});
