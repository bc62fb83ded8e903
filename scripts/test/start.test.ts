import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../lib/setup.mjs';

const START = join(ROOT, 'scripts', 'start.mjs');

/** Starting includes building changed packages. */
const TIMEOUT_MS = 180_000;

/** Runs the script of `npm start`, through another program if one is given. */
function start(
  environment: Readonly<Record<string, string>>,
  before: readonly string[] = [],
  commandLine: readonly string[] = [],
) {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-start-'));
  const env = {
    PATH: process.env['PATH'],
    VIGILANT_DATA: folder,
    VIGILANT_GRPC_PORT: '0',
    VIGILANT_HTTP_PORT: '0',
    ...environment,
  };
  const [command = '', ...args] = [...before, process.execPath, START, ...commandLine];
  const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    child,
    ended,
    output: () => output,
    async untilOutput(text: string) {
      while (!output.includes(text)) await once(child.stdout, 'data');
    },
  };
}

describe('scripts/start.mjs', () => {
  it(
    'exits with 1 when the server does not start',
    async () => {
      const { ended, output } = start({ VIGILANT_GRPC_PORT: 'abc' });
      expect(await ended).toEqual([1, null]);
      expect(output()).toContain('VIGILANT_GRPC_PORT must be an integer');
    },
    TIMEOUT_MS,
  );

  it.each([
    [{ VIGILANT_GRPC_PORT: 'abc' }, 'VIGILANT_GRPC_PORT must be an integer'],
    [{ VIGILANT_KAFKA_TOPIC: 'a b' }, 'VIGILANT_KAFKA_TOPIC: '],
    [{ VIGILANT_STORE: 'mysql', VIGILANT_MYSQL_URL: 'http://db' }, 'VIGILANT_MYSQL_URL: '],
  ])(
    'checks %j before it starts Kafka',
    async (environment, message) => {
      const { ended, output } = start({ VIGILANT_BROKER: 'kafka', ...environment });
      expect(await ended).toEqual([1, null]);
      expect(output()).toContain(message);
      expect(output()).not.toContain('starting Kafka');
    },
    TIMEOUT_MS,
  );

  it(
    'checks the arguments before it starts Kafka',
    async () => {
      const { ended, output } = start({ VIGILANT_BROKER: 'kafka' }, [], ['--dmo']);
      expect(await ended).toEqual([1, null]);
      expect(output()).toContain('Unknown argument "--dmo".');
      expect(output()).not.toContain('starting Kafka');
    },
    TIMEOUT_MS,
  );

  it(
    'keeps the server running under nohup when the terminal is closed',
    async () => {
      const { child, ended, output, untilOutput } = start({}, ['nohup']);
      await untilOutput('\ntry');
      child.kill('SIGHUP');
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      expect(output()).toContain('SIGTERM: stopping');
    },
    TIMEOUT_MS,
  );

  it(
    'keeps the server running when the reader of its output ends, as in a pipe to head',
    async () => {
      const { child, ended, untilOutput } = start({});
      await untilOutput('\ntry');
      child.stdout.destroy();
      child.stderr.destroy();
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    },
    TIMEOUT_MS,
  );
});

describe('scripts/desktop.mjs', () => {
  it(
    'runs `vigilant desktop` with its arguments, and exits with its code',
    async () => {
      const script = join(ROOT, 'scripts', 'desktop.mjs');
      const run = (...args: readonly string[]) =>
        spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
      expect(run('--help')).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('Usage: vigilant desktop'),
      });
      expect(run('--conect')).toMatchObject({ status: 2, stderr: expect.stringContaining("'--conect'") });
    },
    TIMEOUT_MS,
  );
});
