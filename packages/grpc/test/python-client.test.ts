import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { CACHE, ROOT, output, prepare, preparePython } from './support/tools';
import { serve } from './support/serve';

const PROGRAM = fileURLToPath(new URL('./programs/client.py', import.meta.url));
const GENERATED = join(CACHE, 'python-generated');

/** Text files that most machines have, or generated text. */
const LOGS = [
  '/var/log/dpkg.log',
  '/var/log/install.log',
  '/var/log/syslog',
  join(ROOT, 'package-lock.json'),
];

/** Proto files of a client. The Python packages contain the others. */
const PROTOS = ['vigilant/v1/error', 'vigilant/v1/event', 'vigilant/v1/event_service', 'logger/log'];

const python = await prepare('Python with gRPC', preparePython);

async function generate(bin: string): Promise<void> {
  rmSync(GENERATED, { recursive: true, force: true });
  mkdirSync(GENERATED, { recursive: true });
  const files = PROTOS.map((name) => `${name}.proto`);
  const outputs = [`--python_out=${GENERATED}`, `--grpc_python_out=${GENERATED}`];
  await output(bin, ['-m', 'grpc_tools.protoc', `--proto_path=${join(ROOT, 'proto')}`, ...outputs, ...files]);
}

describe.skipIf(python === undefined)('a client in Python', () => {
  beforeAll(() => generate(python as string));

  it('logs, queries and tails events, and reads errors', { timeout: 120_000 }, async () => {
    const { vigilant, server } = await serve();
    const log = LOGS.find((path) => existsSync(path)) as string;
    const printed = await output(python as string, [PROGRAM, GENERATED, server.address, log], 100_000);
    const steps = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(steps).toMatchObject([
      { step: 'every field' },
      { step: 'older service' },
      { step: 'batches', events: 10_000 },
      { step: 'queries' },
      { step: 'tails' },
      { step: 'errors' },
    ]);
    expect((await vigilant.get('python-1'))?.data).toMatchObject({ userId: 42, ok: true });
    expect((await vigilant.get('line-9999'))?.data).toEqual({ number: 9_999, big: '9007199254750992' });
  });

  it('runs the example of the documentation', { timeout: 60_000 }, async () => {
    const { server } = await serve();
    const text = readFileSync(join(ROOT, 'docs', 'grpc.md'), 'utf8');
    const [, example = ''] = /```python\n(.*?)```/s.exec(text) ?? [];
    const program = `import sys; sys.path.insert(0, sys.argv[1])\n${example.replace('127.0.0.1:50051', server.address)}`;
    const printed = await output(python as string, ['-c', program, GENERATED]);
    const lines = [/^[0-9a-f-]{36}$/, /^2.*Z Order shipped$/, /^new: Next$/, /did you mean source\?/];
    expect(printed.trim().split('\n')).toEqual(lines.map((line) => expect.stringMatching(line) as unknown));
  });
});
