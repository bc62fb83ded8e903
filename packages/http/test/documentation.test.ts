import { MAX_VIEWS } from '@vigilant/core';
import { MAX_BATCH_EVENTS } from '@vigilant/core/adapter';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { GRACE_MS } from '../src/handler/handler';
import { HANDLER_OPTIONS, resolveHandlerOptions } from '../src/handler/handler-options';
import { MAX_PAGE_BYTES } from '../src/routes/query-events';
import { ROUTES } from '../src/routes/routes';
import { SERVER_OPTIONS } from '../src/server/serve';
import { COMMENT_MS } from '../src/wire/event-stream';
import { atEnd, serve } from './support/serve';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const text = readFileSync(join(ROOT, 'docs', 'http.md'), 'utf8');

const mib = (bytes: number): string => `${bytes / 1024 / 1024} MiB`;

/** Returns the description of a limit in the table. */
const limitOf = (name: string): string => new RegExp(`^\\| ${name} +\\| (.*)\\|$`, 'm').exec(text)?.[1] ?? '';

/** The commands of the page, without the line breaks of a command. */
const COMMANDS = [...text.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) =>
  block
    .replace(/\\\n\s*/g, '')
    .replace(/\|\n\s*/g, '| ')
    .trim()
    .split('\n'),
);

/** What each command prints, by a part of the command. */
const OUTPUTS: readonly (readonly [part: string, output: string])[] = [
  ['"id": "order-42"', '{"id":"order-42"}'],
  ['x-ndjson', '"accepted":1,"rejected":1'],
  ['level>=WARN data.order:42', '"message":"Order shipped"'],
  ['/v1/histogram', '"buckets":[{"start":"'],
  ['/v1/facets', '{"value":"42","count":1}'],
  ['/v1/events/order-42', '"data":{"order":42}'],
  ['/v1/tail', 'event: checkpoint'],
  ['/v1/export', ''],
  ['Late orders', '"revision":"'],
  ['/v1/views', '{"views":[{"id":"'],
  ['/readyz', '{"status":"ok"'],
  ['/metrics', 'vigilant_events_accepted_total 2'],
];

/** Runs a command with a server. A tail is ended after two seconds. */
function run(command: string, port: number, cwd: string): Promise<string> {
  const shell = `curl() { command curl -sS --fail-with-body --max-time ${command.includes('/tail') ? 2 : 30} "$@"; }`;
  const program = `${shell}\n${command.replaceAll(':50052', `:${port}`)}`;
  return new Promise((resolve, reject) => {
    execFile('bash', ['-c', program], { cwd }, (error, stdout) => {
      const isTimeout = error !== null && (error as { code?: unknown }).code === 28;
      if (error === null || (isTimeout && command.includes('/tail'))) resolve(stdout);
      else reject(new Error(`${command}: ${error.message} ${stdout}`));
    });
  });
}

describe('docs/http.md', () => {
  it('has commands that print what the page says', async () => {
    const { server } = await serve();
    const cwd = mkdtempSync(join(tmpdir(), 'vigilant-http-docs-'));
    atEnd(async () => rmSync(cwd, { recursive: true, force: true }));
    const remaining = [...OUTPUTS];
    for (const command of COMMANDS) {
      const [part = '', output = ''] = remaining.shift() ?? [];
      expect(command).toContain(part);
      expect(await run(command, server.port, cwd), command).toContain(output);
    }
    expect(remaining).toEqual([]);
    expect(readFileSync(join(cwd, 'orders.csv'), 'utf8')).toContain('order-42,');
  });

  it('lists every endpoint with its scopes', () => {
    const rows = [...text.matchAll(/^\| `([A-Z]+) (\S+)` +\| (.*?) +\|/gm)].map(
      ([, method, path, scopes = '']) => `${method} ${path} ${scopes.replaceAll('`', '')}`,
    );
    const routes = ROUTES.map(
      ({ method, path, scopes }) => `${method} ${path} ${scopes.length === 0 ? 'none' : scopes.join(', ')}`,
    );
    expect(rows.sort()).toEqual(routes.sort());
  });

  it('states the limits of the code', () => {
    const { maxBodyBytes, maxRequestsBytes, bodyTimeoutMs, maxTails } = resolveHandlerOptions({
      authorize: 'none',
    });
    expect(limitOf('Body')).toContain(mib(maxBodyBytes));
    expect(limitOf('Batch')).toContain(MAX_BATCH_EVENTS.toLocaleString('en'));
    expect(limitOf('Bodies in memory')).toContain(mib(maxRequestsBytes));
    expect(limitOf('Stalled body')).toContain(`${bodyTimeoutMs / 1000} s`);
    expect(limitOf('Page')).toContain(mib(MAX_PAGE_BYTES));
    expect(limitOf('Tails')).toContain(String(maxTails));
    expect(limitOf('Views')).toContain(String(MAX_VIEWS));
    expect(limitOf('`HttpServer.close\\(\\)`')).toContain(`${GRACE_MS / 1000} s`);
    expect(text).toContain(`A comment every ${COMMENT_MS / 1000} seconds`);
  });
});

describe('README.md', () => {
  const readme = readFileSync(join(ROOT, 'packages', 'http', 'README.md'), 'utf8');
  const [, serverTable = '', handlerTable = ''] = readme.split(/^`(?:serveHttp|createHttpHandler)\(/m);
  const optionsOf = (table: string) => [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);

  it('lists all options', () => {
    expect(optionsOf(handlerTable)).toEqual(HANDLER_OPTIONS);
    expect([...optionsOf(serverTable), ...HANDLER_OPTIONS]).toEqual(SERVER_OPTIONS);
  });
});
