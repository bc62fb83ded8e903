import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../packages/core/src', import.meta.url));

function importsOf(file: string): string[] {
  const paths = [...readFileSync(file, 'utf8').matchAll(/ from '(\.[^']*)'/g)].map(([, path]) => path ?? '');
  return paths.map((path) => {
    const target = join(dirname(file), path);
    return existsSync(`${target}.ts`) ? `${target}.ts` : join(target, 'index.ts');
  });
}

/** Returns the first cycle that is found from a file, or an empty array. */
function findCycle(file: string, path: readonly string[], finished: Set<string>): readonly string[] {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
  if (finished.has(file)) return [];
  for (const imported of importsOf(file)) {
    const cycle = findCycle(imported, [...path, file], finished);
    if (cycle.length > 0) return cycle;
  }
  finished.add(file);
  return [];
}

describe('the files of core', () => {
  it('have no import cycle, not even of types', () => {
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const finished = new Set<string>();
    const cycle = files
      .map((name) => findCycle(join(SRC, name), [], finished))
      .find(({ length }) => length > 0);
    expect(cycle?.map((file) => relative(SRC, file))).toBeUndefined();
    expect(finished.size).toBe(files.length);
  });
});
