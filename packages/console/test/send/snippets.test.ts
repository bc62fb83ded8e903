import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { curlSnippet, typescriptSnippet } from '../../src/app/send/snippets';

const JSON_TEXT = JSON.stringify({ message: `it's "quoted" $HOME \`id\` \\n` }, undefined, 2);

describe('curlSnippet', () => {
  it('passes the event to curl as it is', () => {
    const command = curlSnippet('http://127.0.0.1:50052/v1/events', JSON_TEXT);
    const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
    const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0');
    expect(words).toEqual([
      'http://127.0.0.1:50052/v1/events',
      '-H',
      'content-type: application/json',
      '-d',
      JSON_TEXT,
      '',
    ]);
  });
});

describe('typescriptSnippet', () => {
  it('contains the address and the event', () => {
    const code = typescriptSnippet('http://127.0.0.1:50052/v1/events', JSON_TEXT);
    expect(code).toContain('fetch("http://127.0.0.1:50052/v1/events", {');
    const literal = /JSON\.stringify\((\{[^]*?\n {2}\})\)/.exec(code)?.[1] ?? '';
    expect(JSON.parse(literal)).toEqual(JSON.parse(JSON_TEXT));
  });
});
