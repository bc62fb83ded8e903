import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../lib/setup.mjs';

const MODULES = join(ROOT, 'node_modules');

/** The files of the driver that a program needs, as docs/bundling.md lists them. */
const DRIVER_FILES = [
  'better-sqlite3/package.json',
  'better-sqlite3/lib',
  'better-sqlite3/build/Release/better_sqlite3.node',
  'bindings',
  'file-uri-to-path',
];

/** Copies the built packages into a `node_modules` folder. */
export function copyPackages(modules: string, names: readonly string[]): void {
  for (const name of names) {
    for (const part of ['package.json', 'dist'])
      cpSync(join(ROOT, 'packages', name, part), join(modules, '@vigilant', name, part), { recursive: true });
  }
}

/** Copies the driver into a `node_modules` folder, without the files that only its installation needs. */
export function copyDriver(modules: string): void {
  for (const path of DRIVER_FILES) cpSync(join(MODULES, path), join(modules, path), { recursive: true });
}

/** Links the dependencies of this workspace into a `node_modules` folder. */
export function linkDependencies(modules: string): void {
  mkdirSync(modules, { recursive: true });
  for (const name of readdirSync(MODULES)) {
    if (name !== '@vigilant' && !name.startsWith('.'))
      symlinkSync(join(MODULES, name), join(modules, name), 'junction');
  }
}
