import { execFileSync, spawnSync } from 'node:child_process';

/** Opens a database in another process, reads one value from it, and closes it again. */
export function readInOtherProcess(path: string, sql: string): unknown {
  const program = `
    const database = new (require('better-sqlite3'))(process.argv[1]);
    console.log(JSON.stringify(database.prepare(process.argv[2]).pluck().get()));
    database.close();
  `;
  return JSON.parse(execFileSync(process.execPath, ['-e', program, path, sql], { encoding: 'utf8' }));
}

/** Runs SQL on a database in another process, which is killed before it closes the database. */
export function runAndDie(path: string, sql: string): void {
  const program = `
    new (require('better-sqlite3'))(process.argv[1]).exec(process.argv[2]);
    process.kill(process.pid, 'SIGKILL');
  `;
  spawnSync(process.execPath, ['-e', program, path, sql]);
}
