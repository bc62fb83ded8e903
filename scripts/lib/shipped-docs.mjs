import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCE = 'https://github.com/vigilant-events/vigilant/blob/main';
const LINK = /\]\((?!https?:|#)([^)#\s]+)/g;

/** The pages that the authors of adapters need. They are part of `@vigilant/conformance`. */
export const SHIPPED_DOCS = [
  'docs/writing-a-store.md',
  'docs/writing-a-sql-store.md',
  'docs/writing-a-broker.md',
  'docs/events.md',
  'docs/filters.md',
];

/** Copies these pages to a folder. Links to files that are not copied become links to the repository. */
export function shipDocs(folder) {
  mkdirSync(folder, { recursive: true });
  for (const page of SHIPPED_DOCS) {
    const text = readFileSync(join(ROOT, page), 'utf8').replace(LINK, (link, target) => {
      const path = posix.join('docs', target);
      return SHIPPED_DOCS.includes(path) ? link : `](${SOURCE}/${path}`;
    });
    writeFileSync(join(folder, posix.basename(page)), text);
  }
}
