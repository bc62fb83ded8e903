// npm run test:mutation: mutates a copy of the sources, one place at a time, and reports the mutants that no test detects.
//   --files <text>     only sources whose path contains it; may be repeated
//   --sample <n>       at most n mutants per folder, selected by --seed
//   --seed <text>      selects another sample
//   --survivors <file> only the mutants that the output of an earlier run, saved in this file, reports as survivors
//   --threshold <n>    minimum score of each folder in percent; the exit code is 1 below it
//   --list             lists the mutants without running tests
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT, ensureInstalled, main, say } from './lib/setup.mjs';
import { FOLDERS } from './mutation/folders.mjs';
import {
  applyMutant,
  describeMutant,
  describeSurvivor,
  listMutants,
  sampleMutants,
  selectSurvivors,
} from './mutation/mutants.mjs';
import { createSandbox } from './mutation/sandbox.mjs';
import { createTester } from './mutation/tester.mjs';

/** Minimum time limit of a run, in milliseconds. Other programs may slow it down. */
const MIN_TIMEOUT_MS = 20_000;

const OPTIONS = /** @type {const} */ ({
  files: { type: 'string', multiple: true, default: [] },
  sample: { type: 'string', default: 'Infinity' },
  seed: { type: 'string', default: '1' },
  survivors: { type: 'string' },
  threshold: { type: 'string', default: '85' },
  list: { type: 'boolean', default: false },
});

await main(async () => {
  const { values } = parseArgs({ options: OPTIONS });
  const works = FOLDERS.map((folder) => ({ folder, mutants: mutantsOf(folder, values) })).filter(
    ({ mutants }) => mutants.length > 0,
  );
  if (works.length === 0) throw new Error('No mutant matches --files and --survivors.');
  if (values.list)
    return works.forEach(({ mutants }) => mutants.forEach((each) => console.log(describeMutant(each))));
  await ensureInstalled();
  const sandbox = createSandbox();
  const testers = works.map(({ folder }) => createTester(sandbox.path, folder.projects));
  const onSignal = () => process.exit(1);
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  process.once('exit', () => {
    testers.forEach(({ stop }) => stop());
    sandbox.remove();
  });
  const scores = [];
  for (const [index, { folder, mutants }] of works.entries())
    scores.push(await test(testers[index], sandbox.path, folder, mutants));
  for (const { name, count, detected, score } of scores)
    console.log(`${name.padEnd(24)} ${detected} of ${count} detected: ${score.toFixed(1)} %`);
  return scores.some(({ score }) => score < Number(values.threshold)) ? 1 : 0;
});

function mutantsOf(folder, { files, sample, seed, survivors }) {
  const mutants = folder.sources
    .flatMap(sourcesOf)
    .filter((file) => files.length === 0 || files.some((text) => file.includes(text)))
    .flatMap((file) => listMutants(file, readFileSync(join(ROOT, file), 'utf8')));
  const selected =
    survivors === undefined ? mutants : selectSurvivors(mutants, readFileSync(survivors, 'utf8'));
  return sampleMutants(selected, Number(sample), seed);
}

function sourcesOf(path) {
  if (!statSync(join(ROOT, path)).isDirectory()) return [path];
  const names = readdirSync(join(ROOT, path)).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.d.ts'),
  );
  return names.sort().map((name) => `${path}${name}`);
}

/** Runs the tests on each mutant of a folder. */
async function test(tester, sandbox, folder, mutants) {
  const requestFor = (file) => ({
    file: join(sandbox, file),
    tests: folder.tests.map((path) => join(sandbox, path)),
    isInThreads: folder.isInThreads ?? false,
  });
  let detected = 0;
  let timeoutMs;
  try {
    for (const file of new Set(mutants.map((mutant) => mutant.file))) {
      const text = readFileSync(join(sandbox, file), 'utf8');
      say(`mutating ${file}`);
      // Files that run in worker threads have the same tests.
      if (timeoutMs === undefined || !folder.isInThreads)
        timeoutMs = await measure(tester, requestFor(file), file);
      for (const mutant of mutants.filter((each) => each.file === file)) {
        writeFileSync(join(sandbox, file), applyMutant(text, mutant));
        const by = await tester.run(requestFor(file), timeoutMs);
        if (by === 'timeout') console.log(`timed out ${describeMutant(mutant)}`);
        if (by === undefined) console.log(describeSurvivor(mutant));
        else detected += 1;
      }
      writeFileSync(join(sandbox, file), text);
    }
  } finally {
    tester.stop();
  }
  return { name: folder.name, count: mutants.length, detected, score: (100 * detected) / mutants.length };
}

/** Runs the tests on the unchanged file, which must pass; returns how long they may take with a mutant. */
async function measure(tester, request, file) {
  const started = performance.now();
  const failed = await tester.run(request, 10 * 60_000);
  if (failed !== undefined) throw new Error(`The tests of ${file} fail without a mutant: ${failed}.`);
  return MIN_TIMEOUT_MS + 3 * (performance.now() - started);
}
