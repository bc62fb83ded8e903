import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFolder } from '../support/folder';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const LIBRARY = createRequire(import.meta.url).resolve('better-sqlite3');

/** Bundles a program that prints the path of the library, or the code and message of the error. */
async function bundle(folder: string, format: 'esm' | 'cjs'): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { findLibrary } from './packages/store-sqlite/src/host/library';
        try { console.log(findLibrary().library); } catch (error) { console.log(error.code, error.message); }`,
      resolveDir: ROOT,
    },
    write: false,
    bundle: true,
    format,
    platform: 'node',
    tsconfig: join(ROOT, 'tsconfig.json'),
    alias: {
      '@vigilant/core/adapter': join(ROOT, 'packages/core/src/adapter/index.ts'),
      '@vigilant/core': join(ROOT, 'packages/core/src/index.ts'),
    },
    logLevel: 'error',
  });
  const file = join(folder, `find-library-${process.pid}.${format === 'esm' ? 'mjs' : 'cjs'}`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, outputFiles[0]?.text ?? '');
  return file;
}

function run(program: string, cwd: string): string {
  return execFileSync(process.execPath, [program], { cwd, encoding: 'utf8' }).trim();
}

function temporaryFolder(): string {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
}

describe('findLibrary', () => {
  it.each(['esm', 'cjs'] as const)(
    'resolves from the program in any working directory (%s)',
    async (format) => {
      const program = await bundle(join(ROOT, '.cache', 'programs'), format);
      expect(run(program, temporaryFolder())).toBe(LIBRARY);
    },
  );

  it.each(['esm', 'cjs'] as const)(
    'resolves from the working directory of a program elsewhere (%s)',
    async (format) => {
      const program = await bundle(temporaryFolder(), format);
      expect(run(program, ROOT)).toBe(LIBRARY);
    },
  );

  it('throws VIGILANT_DRIVER_MISSING with the places searched if the library is not installed', async () => {
    const folder = temporaryFolder();
    expect(run(await bundle(folder, 'esm'), folder)).toMatch(
      new RegExp(
        `^VIGILANT_DRIVER_MISSING .*from file:.* or file:.*${basename(folder)}.*npm install better-sqlite3`,
      ),
    );
  });
});
