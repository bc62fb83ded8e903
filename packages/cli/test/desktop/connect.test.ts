import { createManualClock, createVigilant } from '@vigilant/core';
import { consoleFiles } from '@vigilant/console';
import type { ServeHttpOptions } from '@vigilant/http';
import { serveHttp } from '@vigilant/http';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { freePorts } from '../../../../scripts/services/tools.mjs';
import { runCli } from '../../src/command/run-cli';
import { createTestSystem } from '../support/test-system';

/** Starts a Vigilant server, which is closed when the test ends. Returns its URL. */
async function startVigilant(options: ServeHttpOptions = { console: consoleFiles }): Promise<string> {
  const vigilant = createVigilant();
  const server = await serveHttp(vigilant, { port: 0, ...options });
  onTestFinished(async () => {
    await server.close({ graceMs: 0 });
    await vigilant.close();
  });
  return server.url;
}

/** Starts another server, which is closed when the test ends. Returns its URL. */
async function startOther(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Runs `vigilant desktop --connect` with a browser that prints its arguments and ends. */
async function connectTo(url: string, ...more: readonly string[]) {
  const system = createTestSystem();
  const browser = join(system.home, 'browser.sh');
  writeFileSync(browser, `#!/bin/sh\necho "$@" > ${join(system.home, 'arguments')}\n`);
  chmodSync(browser, 0o755);
  const code = await runCli(['desktop', '--connect', url, '--browser', browser, ...more], system);
  return { code, system };
}

describe('vigilant desktop --connect', () => {
  it('opens the console of a server, and remembers the server', async () => {
    const url = await startVigilant();
    const { code, system } = await connectTo(url.slice(0, -1));
    expect(system.printed()).toContain(`events      ${url}`);
    expect(code).toBe(0);
    expect(readFileSync(join(system.home, 'arguments'), 'utf8')).toContain(`--app=${url} `);
    const earlier = system.printed().length;
    expect(await runCli(['desktop', '--servers'], system)).toBe(0);
    expect(system.printed().slice(earlier)).toMatch(new RegExp(`^${url} {2}last used \\d{4}-`));
  });

  it('reports a server that requires authorisation', async () => {
    const url = await startVigilant({ console: consoleFiles, authorize: () => false });
    const { code, system } = await connectTo(url);
    expect(code).toBe(1);
    expect(system.printed()).toContain(`${url} requires authorisation (status 401)`);
  });

  it('reports a login page', async () => {
    const url = await startOther((_, response) => response.writeHead(302, { location: '/login' }).end());
    const { code, system } = await connectTo(url);
    expect(code).toBe(1);
    expect(system.printed()).toContain(`${url} redirects to /login. If that is a login page, open`);
  });

  it('reports a server that is not a Vigilant server', async () => {
    const url = await startOther((_, response) => response.end('{"hello":"world"}'));
    const { code, system } = await connectTo(url);
    expect(code).toBe(1);
    expect(system.printed()).toContain(
      `${url} is not a Vigilant server: ${url}v1/status answered with status 200.`,
    );
  });

  it('reports a server without the console', async () => {
    const url = await startVigilant({});
    const { code, system } = await connectTo(url);
    expect(code).toBe(1);
    expect(system.printed()).toContain(`${url} is a Vigilant server without the console`);
  });

  it('reports a server that cannot be reached', async () => {
    const [port = 0] = await freePorts(1);
    const { code, system } = await connectTo(`http://localhost:${port}/`);
    expect(code).toBe(1);
    expect(system.printed()).toMatch(
      /localhost:\d+\/v1\/status cannot be reached: .*ECONNREFUSED.*\. Start the/,
    );
  });

  it('ends without an error on Ctrl+C while the server does not answer', async () => {
    const stopping = new AbortController();
    const url = await startOther(() => stopping.abort());
    const system = { ...createTestSystem(), stopping: stopping.signal };
    expect(await runCli(['desktop', '--connect', url], system)).toBe(0);
    expect(system.printed()).toBe('');
  });

  it('reports a server that does not answer', async () => {
    const clock = createManualClock();
    const url = await startOther(() => void clock.advance(10_000));
    const system = { ...createTestSystem(), clock };
    expect(await runCli(['desktop', '--connect', url], system)).toBe(1);
    expect(system.printed()).toContain('cannot be reached: it did not answer within 10 s.');
  });

  it('reports a server whose answer does not end', async () => {
    const clock = createManualClock();
    const url = await startOther((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    });
    const read = vi.spyOn(Response.prototype, 'json');
    onTestFinished(() => read.mockRestore());
    const system = { ...createTestSystem(), clock };
    const exitCode = runCli(['desktop', '--connect', url], system);
    await expect.poll(() => read).toHaveBeenCalled();
    await clock.advance(10_000);
    expect(await exitCode).toBe(1);
    expect(system.printed()).toContain('cannot be reached: it did not answer within 10 s.');
  });
});
