import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../lib/setup.mjs';

const APP = `
import { createVigilant } from '@vigilant/core';
import { createGrpcClient, serveGrpc } from '@vigilant/grpc';

const vigilant = createVigilant();
const server = await serveGrpc(vigilant, { port: 0 });
const client = createGrpcClient({ address: server.address });
await client.log({ message: 'from one file', data: { big: 2n ** 60n } });
const { events } = await client.query('file');
console.log(JSON.stringify(events.map(({ message, data }) => [message, data])));
await client.close();
await server.close();
await vigilant.close();
`;

it.each(['esm', 'cjs'] as const)(
  'serves, logs and queries from an app that is bundled into one %s file',
  async (format) => {
    const folder = mkdtempSync(join(tmpdir(), 'vigilant-bundle-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const outfile = join(folder, format === 'esm' ? 'app.mjs' : 'app.cjs');
    // CommonJS does not support top-level await.
    const contents =
      format === 'esm' ? APP : APP.replace('const vigilant', 'void (async () => {\nconst vigilant') + '})();';
    const require =
      "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
    await build({
      stdin: { contents, resolveDir: ROOT },
      outfile,
      bundle: true,
      format,
      platform: 'node',
      logLevel: 'error',
      ...(format === 'esm' ? { banner: { js: require } } : {}),
    });
    writeFileSync(join(folder, 'package.json'), '{}');
    const output = execFileSync(process.execPath, [outfile], { cwd: folder, encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual([['from one file', { big: '1152921504606846976' }]]);
  },
);
