import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ERROR_CODES } from '@vigilant/core';

it('docs/errors.md says what the code table says', () => {
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
