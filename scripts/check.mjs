// npm run check: all checks of CI. The last line counts the checks and tests that passed and failed.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT, ROOT, ensureBuilt, installFiles, main, run, runTool, say } from './lib/setup.mjs';

const PUBLISHED = BUILT.filter((folder) => folder.startsWith('packages/'));

await main(async () => {
  const { compiled } = await installFiles();
  const results = [];
  const step = async (name, work) => {
    say(`checking: ${name}`);
    const started = performance.now();
    const code = await work().catch((error) => (console.error(error), 1));
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    say(`${code === 0 ? 'ok' : 'FAILED'}: ${name} (${seconds} s)`);
    results.push({ name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 });
  };

  // These do not depend on each other, and most steps use one processor.
  await Promise.all([
    step('native code', () => compiled.then(() => 0)),
    checkSources(step, compiled),
    checkPackages(step),
  ]);

  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const report = join(ROOT, '.cache', 'test-report.json');
  say('checking: tests');
  const code = await run(process.execPath, [
    'scripts/test.mjs',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const { numPassedTests, numFailedTests } = readReport(report);
  // A run can fail without a failed test, for example with an unhandled rejection.
  const failed = code !== 0 && numFailedTests === 0 ? 1 : numFailedTests;
  results.push({ name: 'tests', passed: numPassedTests, failed });

  for (const { name, failed } of results) if (failed > 0) say(`failed: ${name}`);
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') === 0 ? 0 : 1;
});

async function checkSources(step, compiled) {
  await step('lint', () => runTool('eslint', ['.']));
  await step('format', () => runTool('prettier', ['--check', '--log-level', 'warn', '.']));
  await step('types', () => runTool('tsc', ['-p', 'tsconfig.json']));
  await step('types of the console', () =>
    runTool('svelte-check', ['--tsconfig', 'tsconfig.json', '--fail-on-warnings'], {
      cwd: join(ROOT, 'packages/console'),
    }),
  );
  // Until they are compiled, generate.mjs would install the dependencies again.
  await step('generated code', () =>
    compiled.then(() => run(process.execPath, ['scripts/generate.mjs', '--check'])),
  );
}

async function checkPackages(step) {
  await step('build', () => ensureBuilt().then(() => 0));
  for (const folder of PUBLISHED) {
    await step(`${folder}: publint`, () => runTool('publint', ['--strict', folder]));
    await step(`${folder}: types`, () =>
      runTool('attw', ['--pack', folder, '--quiet', '--profile', 'node16']),
    );
  }
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 1 };
  }
}
