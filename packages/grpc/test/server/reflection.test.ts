import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { codecOf } from '../../src/wire/schema';
import { ROOT } from '../support/tools';
import { serve } from '../support/serve';

const run = promisify(execFile);
const BUF = join(ROOT, 'node_modules', '@bufbuild', 'buf', 'bin', 'buf');
const SERVICE = 'vigilant.v1.EventService';

/** A failed call as `buf curl` prints it. */
interface Failure {
  readonly code?: string;
  readonly details?: readonly { readonly type: string; readonly value: string }[];
}

/** Runs `buf curl` in a folder without a schema, so that it depends on reflection. */
async function curl(address: string, version: string, method: string, ...flags: string[]): Promise<string> {
  const args = ['curl', '--protocol', 'grpc', '--reflect-protocol', `grpc-${version}`, ...flags];
  const url = `http://${address}/${method}`;
  const { stdout } = await run(process.execPath, [BUF, ...args, url], {
    cwd: join(ROOT, 'docs'),
    timeout: 30_000,
  });
  return stdout;
}

const call = async (address: string, version: string, method: string, request: object) =>
  JSON.parse(await curl(address, version, method, '--data', JSON.stringify(request))) as Record<
    string,
    unknown
  >;

describe.each(['v1', 'v1alpha'])('ServerReflection %s', (version) => {
  it('lists every service', async () => {
    const { server } = await serve();
    const services = (await curl(server.address, version, '', '--list-services')).trim().split('\n').sort();
    expect(services).toEqual([
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
      'logger.LogService',
      'vigilant.v1.AdminService',
      SERVICE,
    ]);
  });

  it('enables a client without a schema to log an event and to query it', async () => {
    const { server } = await serve();
    const event = {
      id: 'by-hand',
      message: 'naïve ☃',
      level: 'LEVEL_WARN',
      severity: -7,
      tags: ['a', 'b'],
      timestamp: '2026-03-04T05:06:07.000250Z',
      origin: 'o',
      source: 's',
      type: 't',
      group: 'g',
      data: { userId: 42, deep: { list: [1, 'two', null] } },
    };
    expect(await call(server.address, version, `${SERVICE}/LogEvent`, { event })).toEqual({ id: 'by-hand' });
    const found = await call(server.address, version, `${SERVICE}/QueryEvents`, { filter: 'data.userId:42' });
    expect(found).toMatchObject({ events: [event], complete: true, freshness: { complete: true } });
  });

  it('enables a client without a schema to call the other services', async () => {
    const { server } = await serve();
    const log = { id: 1, message: 'm', level: 'ERROR', data: { fields: { a: 'b' } } };
    const logService = 'logger.LogService';
    expect(await call(server.address, version, `${logService}/SendLog`, log)).toEqual({ success: true });
    expect(await call(server.address, version, `${logService}/GetLogs`, { source: '' })).toMatchObject(log);
    const health = await call(server.address, version, 'grpc.health.v1.Health/Check', { service: SERVICE });
    expect(health).toEqual({ status: 'SERVING' });
  });

  it('enables a client without a schema to read an error', async () => {
    const { server } = await serve();
    const request = { event: { message: 'm', level: 99 } };
    const stderr = await call(server.address, version, `${SERVICE}/LogEvent`, request).then(
      () => '{}',
      (error: { stderr: string }) => error.stderr,
    );
    const { code, details = [] } = JSON.parse(stderr) as Failure;
    expect(code).toBe('invalid_argument');
    const read = details.map(({ type, value }) => codecOf(type).decode(Buffer.from(value, 'base64')));
    expect(JSON.parse(JSON.stringify(read))).toMatchObject([
      { reason: 'VIGILANT_EVENT_INVALID', domain: 'vigilant' },
      { fieldViolations: [{ field: 'level', reason: 'UNKNOWN_VALUE' }] },
      { code: 'VIGILANT_EVENT_INVALID', violations: [{ field: 'level', code: 'unknown_value' }] },
    ]);
  });

  it('reports an unknown method', async () => {
    const { server } = await serve();
    await expect(call(server.address, version, 'vigilant.v1.NoService/Log', {})).rejects.toThrow(/NoService/);
  });
});
