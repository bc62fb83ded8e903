import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Returns the names, the content and the times of the last change of a folder and of its files. */
export function stateOf(folder: string, except: readonly string[] = []): Readonly<Record<string, string>> {
  const names = readdirSync(folder).filter((name) => !except.includes(name));
  const files = names.map((name) => {
    const path = join(folder, name);
    const { mtimeNs } = statSync(path, { bigint: true });
    const content = statSync(path).isFile() ? readFileSync(path) : '';
    return [name, `${mtimeNs} ${createHash('sha256').update(content).digest('hex')}`] as const;
  });
  return { '.': String(statSync(folder, { bigint: true }).mtimeNs), ...Object.fromEntries(files) };
}
