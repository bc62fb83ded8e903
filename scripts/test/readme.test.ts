import { createGrpcClient } from '@vigilant/grpc';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { describeWithOwnServices, describeWithService } from '../services/in-tests.mjs';
import { freePorts } from '../services/tools.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Variables = Readonly<Record<string, string>>;

/** Variables of each command of the README that ends with `npm start`, by their names. */
const COMMANDS: ReadonlyMap<string, Variables> = new Map(
  [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block = '']) => block.replace(/\\\n\s*/g, '').split('\n'))
    .filter((line) => line.endsWith('npm start'))
    .map((line) => {
      const variables = [...line.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]);
      return [variables.map(([name]) => name).join(' '), Object.fromEntries(variables) as Variables];
    }),
);

function commandWith(...names: readonly string[]): Variables {
  const found = COMMANDS.get(names.map((name) => `VIGILANT_${name}`).join(' '));
  if (found === undefined) throw new Error(`The README does not have a command with ${names.join(', ')}.`);
  return found;
}

let data: string;
beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'vigilant-readme-'));
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

/** Runs `npm start`, logs and queries an event, and stops it like Ctrl+C. Resolves to the output. */
async function start(variables: Variables): Promise<string> {
  const env = {
    ...process.env,
    VIGILANT_GRPC_PORT: '0',
    VIGILANT_HTTP_PORT: '0',
    VIGILANT_DATA: data,
    ...variables,
  };
  const child = spawn('npm', ['start'], { cwd: ROOT, env, detached: true });
  const interrupt = (signal: NodeJS.Signals): void => {
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    if (!hasEnded && child.pid !== undefined) process.kill(-child.pid, signal);
  };
  onTestFinished(() => interrupt('SIGTERM'));
  let text = '';
  const address = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      text += chunk.toString();
      const found = /gRPC\s+(\S+)\n[^]*\ntry/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('close', () => reject(new Error(`The server ended: ${text}`)));
  });
  const client = createGrpcClient({ address });
  const { id } = await client.log({ message: 'hello' });
  await expect.poll(async () => (await client.query(`id:${id}`)).events.length, { timeout: 30_000 }).toBe(1);
  await client.close();
  interrupt('SIGINT');
  await once(child, 'close');
  expect(text).toMatch(/stopped; \d+ stored, 0 left for the next start, 0 lost/);
  return text;
}

describe('a command of the README', () => {
  it('starts a server with embedded adapters', async () => {
    expect(COMMANDS.get('')).toEqual({});
    expect(await start({})).toContain(`data        ${data}`);
  }, 120_000);

  it(
    'starts a server that writes more often',
    () => start(commandWith('INTERVAL_MS')).then(() => {}),
    120_000,
  );

  it('starts a server on other ports and in another folder', async () => {
    const [grpc = 0, http = 0] = await freePorts(2);
    const variables = { ...commandWith('GRPC_PORT', 'HTTP_PORT'), ...commandWith('DATA') };
    const folder = join(data, 'elsewhere');
    const text = await start({
      ...variables,
      VIGILANT_GRPC_PORT: String(grpc),
      VIGILANT_HTTP_PORT: String(http),
      VIGILANT_DATA: folder,
    });
    expect(text).toContain(`console     http://127.0.0.1:${http}/`);
    expect(text).toContain(`gRPC        127.0.0.1:${grpc}`);
    expect(text).toContain(`data        ${folder}`);
  }, 120_000);
});

describeWithOwnServices(['kafka', 'mariadb'], 'a command of the README', () => {
  it('starts Kafka and MariaDB, and uses another topic on the next start', async () => {
    const text = await start(commandWith('BROKER', 'STORE'));
    expect(text).toContain('data        topic vigilant at 127.0.0.1:9092, then database vigilant');
    const other = await start(commandWith('BROKER', 'KAFKA_TOPIC', 'STORE'));
    expect(other).toContain('data        topic shop at');
    // The database is the same.
    expect(other).toContain('1 stored, 0 waiting');
  }, 180_000);
});

describeWithService('kafka', 'a command of the README', (kafka) =>
  describeWithService('mariadb', 'with running services', (mariadb) => {
    it('starts a server that uses them', async () => {
      const database = `test_${randomUUID().replaceAll('-', '')}`;
      const command = commandWith('BROKER', 'KAFKA_BROKERS', 'STORE', 'MYSQL_URL');
      const text = await start({
        ...command,
        VIGILANT_KAFKA_BROKERS: kafka,
        VIGILANT_MYSQL_URL: `${mariadb}/${database}`,
        VIGILANT_KAFKA_TOPIC: database,
      });
      expect(text).toContain(`topic ${database} at ${kafka}, then database ${database}`);
    }, 120_000);
  }),
);
