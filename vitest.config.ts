import { defineConfig } from 'vitest/config';
import { fileURLToPath } from 'node:url';
import { inlineWorker } from './scripts/inline-worker.mjs';

const from = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const alias = Object.fromEntries(
  ['core', 'conformance', 'store-sqlite', 'store-mysql', 'kafka', 'grpc'].map((name) => [
    `@vigilant/${name}`,
    from(`./packages/${name}/src/index.ts`),
  ]),
);

const project = (name: string, root: string) => ({
  plugins: [inlineWorker()],
  resolve: { alias },
  test: {
    name,
    root: from(root),
    include: ['test/**/*.test.ts'],
    exclude: process.env['VIGILANT_LONG'] ? [] : ['test/**/*.long.test.ts'],
    pool: 'forks' as const,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});

export default defineConfig({
  test: {
    projects: [
      project('core', './packages/core'),
      project('conformance', './packages/conformance'),
      project('store-sqlite', './packages/store-sqlite'),
      project('store-mysql', './packages/store-mysql'),
      project('kafka', './packages/kafka'),
      project('grpc', './packages/grpc'),
      project('custom-store', './examples/custom-store'),
      project('standalone-server', './examples/standalone-server'),
      project('repository', './scripts'),
    ],
  },
});
