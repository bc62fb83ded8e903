/**
 * A folder that is mutated, and the tests that should detect it.
 *
 * @typedef {object} Folder
 * @property {string} name
 * @property {readonly string[]} sources - Paths of folders or files, from the root.
 * @property {readonly string[]} tests - Paths of folders or files, from the root.
 * @property {readonly string[]} projects - Names of vitest projects.
 * @property {boolean} [isInThreads] - Whether it runs in worker threads, so that vitest does not know its tests.
 */

const core = (name, sources, tests, projects = []) => ({
  name: `core/${name}`,
  sources: sources.map((path) => `packages/core/src/${path}`),
  tests: tests.map((path) => (path.startsWith('packages/') ? path : `packages/core/test/${path}`)),
  projects: ['core', ...projects],
});

/** Its tests mirror its folders; the golden blocks and the reader use all of them. */
const blocks = (name) => ({
  name: `blocks/${name}`,
  sources: [`packages/blocks/src/${name}/`],
  tests: [`packages/blocks/test/${name}/`, 'packages/blocks/test/'],
  projects: ['blocks'],
});

const ENGINE_TESTS = ['engine/engine.test.ts', 'engine/intake.test.ts', 'engine/open-tail.test.ts'];

const JOURNAL_TESTS = [
  'broker.conformance',
  'preset',
  'signal',
  'worker-death',
  'takeover',
  'crash',
  'full-disk',
  'locked',
  'sync',
];
const STORE_TESTS = ['store.conformance', 'fixtures', 'host-thread', 'worker-death', 'locked', 'sync'];
const FILE_TESTS = ['opening', 'rights', 'read-only', 'full-disk', 'blocked', 'takeover'];

const sqlite = (name, sources, tests) => ({
  name: `store-sqlite/${name}`,
  sources: sources.map((path) => `packages/store-sqlite/src/${path}`),
  tests: tests.map((test) => `packages/store-sqlite/test/${test.endsWith('/') ? test : `${test}.test.ts`}`),
  projects: ['store-sqlite'],
  isInThreads: true,
});

/** @type {readonly Folder[]} */
export const FOLDERS = [
  core('delivery', ['delivery/'], ['delivery/', ...ENGINE_TESTS]),
  core('query', ['query/'], ['query/', ...ENGINE_TESTS]),
  core('tail', ['tail/'], ['tail/', ...ENGINE_TESTS]),
  core('intake', ['intake/'], ['intake/', ...ENGINE_TESTS]),
  core('retention', ['retention/'], ['retention/']),
  core('filter', ['filter/'], ['filter/', 'query/']),
  core(
    'memory',
    ['memory/'],
    ['memory/', 'packages/conformance/test/memory.conformance.test.ts', ...ENGINE_TESTS],
    ['conformance'],
  ),
  sqlite('journal', ['journal/'], ['journal/', ...JOURNAL_TESTS]),
  sqlite('broker', ['broker/'], ['broker/', 'host/', 'journal/', ...JOURNAL_TESTS]),
  sqlite('store', ['store/', 'host/'], ['store/', 'host/', ...STORE_TESTS]),
  sqlite('rows', ['rows/'], ['rows/', 'store/', ...STORE_TESTS]),
  sqlite('blocks', ['blocks/'], ['blocks/', 'store/', ...STORE_TESTS]),
  sqlite('retention', ['retention/'], ['retention/', 'retention', 'blocks/', ...STORE_TESTS]),
  sqlite('sqlite', ['sqlite/'], ['sqlite/', 'store/', 'journal/', ...FILE_TESTS, ...STORE_TESTS]),
  sqlite('thread', ['thread/'], ['thread/', 'host/', 'signal', 'blocked', ...STORE_TESTS]),
  ...['block', 'bytes', 'column', 'counts', 'events', 'ids', 'read', 'search', 'summary', 'template'].map(
    blocks,
  ),
];
