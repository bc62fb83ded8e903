import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '@vigilant/core';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = execFileSync('git', ['ls-files', '*.md', ':!.changeset'], { cwd: ROOT, encoding: 'utf8' })
  .trim()
  .split('\n');
const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** Pages of published packages link to the repository, because relative links lead nowhere from npm. */
const REPOSITORY = /^https:\/\/github\.com\/vigilant-events\/vigilant(?:\/(?:blob|tree)\/main\/|(?=#|$))/;

/** Returns the path from the root to which a link leads, with its anchor; `undefined` for other hosts. */
function targetOf(page: string, link: string): string | undefined {
  if (REPOSITORY.test(link)) return link.replace(REPOSITORY, '').replace(/^#readme$/, 'README.md');
  if (/^https?:/.test(link)) return undefined;
  return link.startsWith('#') ? `${page}${link}` : join(dirname(page), link);
}

/** Returns the anchors of a page, formed from its headings as GitHub forms them. */
function anchorsOf(page: string): readonly string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(PAGES)('%s', (page) => {
  const text = read(page);

  it('links only to files and headings that exist', () => {
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .flatMap(([, link = '']) => targetOf(page, link) ?? [])
      .filter((target) => {
        const [file = '', anchor] = target.split('#');
        if (!existsSync(join(ROOT, file))) return true;
        return anchor !== undefined && !anchorsOf(file).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  it('names only sources that exist', () => {
    const folders = ['', dirname(page), 'proto', 'packages/core/src'];
    const missing = [...text.matchAll(/[\w.-]+(?:\/[\w.-]+)+\.(?:ts|mjs|proto)\b/g)]
      .map(([path]) => path)
      .filter((path) => !folders.some((folder) => existsSync(join(ROOT, folder, path))));
    expect(missing).toEqual([]);
  });
});

it('lists all error codes in docs/errors.md', () => {
  const text = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('| `VIGILANT_'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const documented = rows.map(([, code, retry, grpc, http, meaning]) => [
    code?.replaceAll('`', ''),
    { retryable: retry === 'yes', grpc, http: Number(http), meaning },
  ]);
  expect(Object.fromEntries(documented)).toEqual(ERROR_CODES);
});
