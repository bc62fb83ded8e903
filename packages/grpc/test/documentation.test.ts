import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KEEPALIVE_MS, KEEPALIVE_TIMEOUT_MS, MAX_MESSAGE_BYTES } from '../src/transport/channel-options';
import { MAX_BATCH_EVENTS } from '@vigilant/core/adapter';
import { CLIENT_OPTIONS } from '../src/client/client-options';
import { SERVER_OPTIONS, resolveServeGrpcOptions } from '../src/server/server-options';
import { PAGE_BYTES } from '../src/server/query';
import { REFLECTION_SERVICES } from '../src/server/reflection';
import { MAX_REQUESTS_BYTES } from '../src/server/request-memory';
import { MAX_DATA_JSON_BYTES } from '../src/wire/event';
import { ROOT } from './support/tools';

const text = readFileSync(join(ROOT, 'docs', 'grpc.md'), 'utf8');

const SERVICES = [
  'vigilant.v1.EventService',
  'vigilant.v1.AdminService',
  'logger.LogService',
  'grpc.health.v1.Health',
  ...REFLECTION_SERVICES,
];

const mib = (bytes: number): string => `${bytes / 1024 / 1024} MiB`;
const seconds = (ms: number): string => `${ms / 1000} s`;

/** Returns the description of a limit in the table. */
const limitOf = (name: string): string =>
  new RegExp(`^\\| ${name.replaceAll('.', '\\.')} +\\| (.*)\\|$`, 'm').exec(text)?.[1] ?? '';

describe('docs/grpc.md', () => {
  it('states the limits of the code', () => {
    expect(limitOf('Message')).toContain(mib(MAX_MESSAGE_BYTES));
    expect(limitOf('`LogEvents`')).toContain(MAX_BATCH_EVENTS.toLocaleString('en'));
    expect(limitOf('`data_json`')).toContain(mib(MAX_DATA_JSON_BYTES));
    expect(limitOf('Page')).toContain(mib(PAGE_BYTES));
    expect(limitOf('Keepalive')).toContain(seconds(KEEPALIVE_MS));
    expect(limitOf('Keepalive')).toContain(seconds(KEEPALIVE_TIMEOUT_MS));
    const { maxConcurrentStreams, host, port } = resolveServeGrpcOptions({});
    expect(limitOf('Calls per connection')).toContain(maxConcurrentStreams.toLocaleString('en'));
    expect(limitOf('Requests in memory')).toContain(mib(MAX_REQUESTS_BYTES));
    expect(text).toContain(`\`${host}:${port}\``);
  });

  it('names every service', () => {
    const named = [...text.matchAll(/^\| `([\w.]+)` +\| .*$/gm)].map(([, name]) => name as string);
    expect(named).toEqual(expect.arrayContaining(SERVICES));
  });
});

describe('README.md', () => {
  const readme = readFileSync(join(ROOT, 'packages', 'grpc', 'README.md'), 'utf8');
  const [, serverTable = '', clientTable = ''] = readme.split(/^`(?:serveGrpc|createGrpcClient)\(/m);
  const optionsOf = (table: string) => [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);

  it('lists all options', () => {
    expect(optionsOf(serverTable)).toEqual(SERVER_OPTIONS);
    expect(optionsOf(clientTable)).toEqual(CLIENT_OPTIONS);
  });
});
