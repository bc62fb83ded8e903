import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** An app in a temporary folder. */
export interface TemporaryApp {
  /** Temporary folder that contains only the app. */
  readonly root: string;
  /** Folder of `package.json`. */
  readonly folder: string;
  /** Path of its `node_modules`. */
  readonly modules: string;
  /** Writes a file and creates its folder. */
  write(name: string, text: string): void;
  /** Installs packages from npm without running their scripts. */
  install(...packages: readonly string[]): void;
  /** Deletes the temporary folder. */
  remove(): void;
}

/** Creates the folder of an app outside of the repository. */
export function createTemporaryApp(name: string): TemporaryApp {
  const root = mkdtempSync(join(tmpdir(), `vigilant-${name}-`));
  const folder = join(root, 'app');
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  write('package.json', `{ "name": "${name}-app", "private": true }`);
  return {
    root,
    folder,
    modules: join(folder, 'node_modules'),
    write,
    install(...packages) {
      const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--legacy-peer-deps'];
      execFileSync('npm', ['install', ...options, ...packages], {
        cwd: folder,
        stdio: 'pipe',
        shell: process.platform === 'win32',
      });
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
