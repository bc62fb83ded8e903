import { defineConfig } from 'vitest/config';
import { fileURLToPath } from 'node:url';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';
import type { PluginOption } from 'vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { inlineFiles } from './scripts/inline-files.mjs';
import { inlineWorker } from './scripts/inline-worker.mjs';

const from = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const PACKAGES = [
  'core/adapter',
  'core',
  'conformance',
  'blocks',
  'store-sqlite',
  'store-mysql',
  'kafka',
  'grpc',
  'http',
  'console',
  'cli',
];

/** The first alias whose name is a prefix of an import wins. */
const alias = Object.fromEntries(
  PACKAGES.map((name) => {
    const [folder, ...entry] = name.split('/');
    return [`@vigilant/${name}`, from(`./packages/${[folder, 'src', ...entry].join('/')}/index.ts`)];
  }),
);

/** Longer than a service may take to start, so that a hook that starts one reports its error. */
const SERVICE_START_MS = 300_000;

interface ProjectOptions {
  readonly plugins?: readonly PluginOption[];
  readonly timeoutMs?: number;
  /**
   * Whether each file runs in a process of its own, which loads all modules again. Projects whose files mock no modules and
   * leave no state disable this, which halves their CPU time.
   */
  readonly isolate?: boolean;
}

const project = (
  name: string,
  root: string,
  { plugins = [], timeoutMs = 60_000, isolate = true }: ProjectOptions = {},
) => ({
  plugins: [inlineWorker(), inlineFiles(), ...plugins],
  resolve: { alias },
  test: {
    name,
    root: from(root),
    include: ['test/**/*.test.ts'],
    exclude: process.env['VIGILANT_LONG'] ? [] : ['test/**/*.long.test.ts'],
    pool: 'forks' as const,
    isolate,
    testTimeout: timeoutMs,
    hookTimeout: Math.max(timeoutMs, SERVICE_START_MS),
    // A slow machine takes longer, which is not a fault.
    expect: { poll: { timeout: 30_000 } },
  },
});

/** Parts of the names of the slowest files, slowest first. Most of them wait for servers or browsers. */
const LONGEST = [
  'outages',
  'store.conformance',
  'cluster.integration',
  'accessibility',
  'outage.integration',
  'pages.browser',
  'broken-',
  'live.browser',
  'readme',
  'crash',
  'broker.conformance',
  'settings',
  'integration',
  'mysql-store',
  'frozen-writer',
  'browser',
];

/** Runs the slowest files first, so that the workers finish at about the same time. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number =>
      LONGEST.findIndex((name) => moduleId.includes(name)) >>> 0;
    return [...files].sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    projects: [
      project('core', './packages/core', { isolate: false }),
      project('conformance', './packages/conformance'),
      project('blocks', './packages/blocks', { isolate: false }),
      project('store-sqlite', './packages/store-sqlite'),
      // Its tests wait for conditions on servers, however slow these are.
      project('store-mysql', './packages/store-mysql', { timeoutMs: 300_000 }),
      project('kafka', './packages/kafka'),
      project('grpc', './packages/grpc'),
      project('http', './packages/http', { isolate: false }),
      project('console', './packages/console', {
        plugins: [svelte({ configFile: from('./packages/console/svelte.config.js') })],
      }),
      project('cli', './packages/cli'),
      project('custom-store', './examples/custom-store'),
      project('embedded-express', './examples/embedded-express'),
      project('standalone-server', './examples/standalone-server'),
      project('repository', './scripts'),
    ],
  },
});
