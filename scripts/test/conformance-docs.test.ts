import { readFileSync } from 'node:fs';
import { brokerCaseIds, storeCaseIds } from '@vigilant/conformance';
import { describe, expect, it } from 'vitest';

const CONTRACTS = ['store', 'broker', 'documents', 'context'].map(
  (name) => `packages/core/src/contracts/${name}.ts`,
);

function idsIn(path: string): string[] {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const brackets = text.match(/\[(?:store|broker)\/[^\]]+\]/g) ?? [];
  return brackets.flatMap((bracket) => bracket.match(/[a-z-]+(?:\/[a-z-]+)+/g) ?? []);
}

describe.each([
  { page: 'docs/writing-a-store.md', cases: storeCaseIds },
  { page: 'docs/writing-a-broker.md', cases: brokerCaseIds },
])('$page', ({ page, cases }) => {
  const named = [page, ...CONTRACTS].flatMap(idsIn);

  it('names only existing cases, as do the contracts', () => {
    const known = [...storeCaseIds, ...brokerCaseIds];
    expect(named.filter((id) => !known.includes(id))).toEqual([]);
  });

  it('names every case of the suite that the contracts do not name', () => {
    expect(cases.filter((id) => !named.includes(id))).toEqual([]);
  });
});
