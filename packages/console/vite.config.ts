import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** Server behind the development server. Start one with `npm start`. */
const SERVER = process.env['VIGILANT_URL'] ?? 'http://127.0.0.1:50052';

const from = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: from('./src/app'),
  // Paths are relative to the <base> of the page, so the app works under any prefix.
  base: './',
  plugins: [svelte({ configFile: from('./svelte.config.js') })],
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
  },
});
