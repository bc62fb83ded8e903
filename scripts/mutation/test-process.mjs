// Runs the tests of a source file in a sandbox for each request of the parent process, without loading Vitest again.
import { basename } from 'node:path';
import { createVitest } from 'vitest/node';

/** Maximum duration of a test, in milliseconds. A mutant may block it. */
const TEST_TIMEOUT_MS = 20_000;

const projects = process.argv.slice(2);
const vitest = await createVitest('test', {
  watch: false,
  bail: 1,
  project: projects,
  reporters: [{}],
  cache: false,
});
await vitest.standalone();
for (const { config } of vitest.projects) {
  config.testTimeout = Math.min(config.testTimeout, TEST_TIMEOUT_MS);
  config.hookTimeout = Math.min(config.hookTimeout, TEST_TIMEOUT_MS);
}
const related = new Map();
let changed = '';

/** Returns the tests that should detect a change of a file, the most likely first. */
async function testsOf({ file, tests, isInThreads }) {
  const known = related.get(file);
  if (known !== undefined) return known;
  if (!isInThreads) vitest.config.related = [file];
  const all = await vitest.getRelevantTestSpecifications();
  vitest.config.related = undefined;
  const name = basename(file, '.ts');
  const rank = ({ moduleId }) =>
    basename(moduleId, '.test.ts') === name ? -1 : tests.findIndex((path) => moduleId.startsWith(path));
  const found = all
    .filter(({ moduleId }) => tests.some((path) => moduleId.startsWith(path)))
    .sort((a, b) => rank(a) - rank(b));
  related.set(file, found);
  return found;
}

/** Invalidates a compiled file, and the bundles of worker threads that may contain it. */
function invalidate(file) {
  vitest.invalidateFile(file);
  for (const { vite } of vitest.projects)
    for (const { moduleGraph } of Object.values(vite.environments))
      for (const [id, module] of moduleGraph.idToModuleMap)
        if (id.endsWith('?worker')) moduleGraph.invalidateModule(module);
}

/** Returns a description of the first failure in a run; `undefined` if all tests passed. */
function failureOf({ moduleId }, { testModules, unhandledErrors }) {
  const failed = testModules.find((module) => !module.ok());
  if (failed === undefined && unhandledErrors.length === 0) return undefined;
  const [test] = failed?.children.allTests('failed') ?? [];
  const error = test?.result().errors?.[0] ?? failed?.errors()[0] ?? unhandledErrors[0];
  return [basename(moduleId), test?.fullName, error?.message].filter(Boolean).join(': ');
}

/** Runs the tests until one fails; resolves to that failure. */
async function run(request) {
  // The file of the previous run has its original content again.
  for (const file of new Set([changed, request.file])) invalidate(file);
  changed = request.file;
  for (const specification of await testsOf(request)) {
    // `bail` counts the failures of earlier runs too.
    vitest.state.filesMap.clear();
    vitest.state.idMap.clear();
    const failure = failureOf(specification, await vitest.runTestSpecifications([specification]));
    if (failure !== undefined) return failure;
  }
  return undefined;
}

process.on('message', async (request) => {
  try {
    process.send({ failed: await run(request) });
  } catch (error) {
    process.send({ error: String(error?.stack ?? error) });
  }
});
process.on('disconnect', () => process.exit());
process.send({ isReady: true });
