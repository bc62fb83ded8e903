import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const FUNCTIONS = 15;

/** Returns the functions that took most of the CPU time, for each thread of each profile of a folder. */
export function summarizeProfiles(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  return names.flatMap((name) => [`\n${name}`, ...summarize(join(folder, name))]).join('\n');
}

function summarize(file) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8'));
  const functionOf = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const ms = new Map();
  samples.forEach((id, n) => {
    const name = functionOf.get(id);
    ms.set(name, (ms.get(name) ?? 0) + timeDeltas[n] / 1000);
  });
  ms.delete('(idle)');
  const all = [...ms.values()].reduce((sum, each) => sum + each, 0);
  const sorted = [...ms].sort((a, b) => b[1] - a[1]).slice(0, FUNCTIONS);
  return [
    `  busy ${all.toFixed(0)} ms`,
    ...sorted.map(
      ([name, each]) =>
        `  ${each.toFixed(0).padStart(7)} ms ${((each / all) * 100).toFixed(1).padStart(5)} % ${name}`,
    ),
  ];
}

const nameOf = ({ functionName, url, lineNumber }) =>
  url === '' ? functionName : `${functionName || '(anonymous)'} ${basename(url)}:${lineNumber + 1}`;
