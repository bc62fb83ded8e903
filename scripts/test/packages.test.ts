import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithService } from '../services/in-tests.mjs';
import { packPackage, unpack } from './support/packed-packages';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Creates a name of a topic or database for one run. */
const unique = (): string => `test_${randomUUID().replaceAll('-', '')}`;

const NAMES = [
  'core',
  'conformance',
  'store-sqlite',
  'store-mysql',
  'kafka',
  'grpc',
  'http',
  'console',
  'cli',
];

const READMES = [
  'README.md',
  'examples/standalone-server/README.md',
  ...NAMES.map((name) => `packages/${name}/README.md`),
];

/** The driver of each adapter. */
const DRIVERS = {
  'store-sqlite': 'better-sqlite3',
  'store-mysql': 'mysql2',
  kafka: 'kafkajs',
  grpc: '@grpc/grpc-js',
};

let folder: string;

/** Unpacks the tarballs into a new folder, which shares the dependencies of this workspace. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigilant-packed-'));
  const scope = join(folder, 'node_modules', '@vigilant');
  mkdirSync(scope, { recursive: true });
  for (const name of NAMES) unpack(packPackage(name, folder), join(scope, name));
  linkOwnDependencies(scope);
  for (const entry of readdirSync(join(ROOT, 'node_modules'))) {
    if (entry === '@vigilant' || entry.startsWith('.')) continue;
    symlinkSync(join(ROOT, 'node_modules', entry), join(folder, 'node_modules', entry), 'junction');
  }
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Links the dependencies that a package has in another version than the rest of the workspace. */
function linkOwnDependencies(scope: string): void {
  for (const name of NAMES) {
    for (const dependency of Object.keys(manifestOf(name)['dependencies'] ?? {})) {
      const own = join(ROOT, 'packages', name, 'node_modules', dependency);
      if (existsSync(own)) link(own, join(scope, name, 'node_modules', dependency));
    }
  }
}

function link(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(source, target, 'junction');
}

/** Returns the manifest of a packed package. */
function manifestOf(name: string): Readonly<Record<string, Readonly<Record<string, string>> | undefined>> {
  const text = readFileSync(join(folder, 'node_modules', '@vigilant', name, 'package.json'), 'utf8');
  return JSON.parse(text) as Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;
}

/** Installs one package with core and its dependencies only. Returns the folder. */
function installAlone(name: string): string {
  const alone = join(folder, `alone-${name}`);
  const scope = join(alone, 'node_modules', '@vigilant');
  mkdirSync(scope, { recursive: true });
  for (const each of new Set(['core', name]))
    cpSync(join(folder, 'node_modules', '@vigilant', each), join(scope, each), { recursive: true });
  for (const dependency of Object.keys(manifestOf(name)['dependencies'] ?? {})) {
    const target = join(alone, 'node_modules', dependency);
    const own = join(scope, name, 'node_modules', dependency);
    if (!existsSync(target) && !existsSync(own)) link(join(ROOT, 'node_modules', dependency), target);
  }
  return alone;
}

function runFile(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return execFileSync(process.execPath, [name], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
}

/** Returns the paths of the files of a packed package. */
function filesOf(name: string): readonly string[] {
  const root = join(folder, 'node_modules', '@vigilant', name);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

describe.each(NAMES)('the tarball of %s', (name) => {
  const read = (path: string): string =>
    readFileSync(join(folder, 'node_modules', '@vigilant', name, path), 'utf8');

  it('contains only the code, its sources and pages', () => {
    const others = filesOf(name).filter(
      (path) =>
        !/^(?:dist\/.*\.(?:js|cjs|d\.ts|d\.cts|map)|dist\/docs\/.*\.md|src\/.*\.ts|package\.json|[A-Z-]+(?:\.md)?)$/.test(
          path,
        ),
    );
    expect(others).toEqual([]);
  });

  it('contains each of our sources once, where the source maps find it', () => {
    for (const path of filesOf(name).filter((each) => each.endsWith('.map'))) {
      const map = JSON.parse(read(path)) as { sources: readonly string[]; sourcesContent?: unknown };
      expect(map).not.toHaveProperty('sourcesContent');
      const ours = map.sources
        .map((source) => join(dirname(path), source).replaceAll('\\', '/'))
        .filter((source) => source.startsWith('src/'));
      expect(filesOf(name)).toEqual(expect.arrayContaining(ours));
    }
  });

  it('has a README whose links work outside of the repository', () => {
    const links = [...read('README.md').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !/^(?:https:|#)/.test(link))).toEqual([]);
    expect(links.length).toBeGreaterThan(0);
  });
});

/** A program that logs and queries, embedded and over gRPC. */
const PROGRAM = `
const vigilant = createVigilant({ ...sqlite('./data-' + kind) });
const server = await serveGrpc(vigilant, { port: 0 });
const client = createGrpcClient({ address: server.address });
await vigilant.log({ message: 'embedded' });
await client.log({ message: 'over the wire' });
const page = await client.query('', { order: 'arrival' });
console.log(kind, page.events.map((event) => event.message).join(', '));
await client.close();
await server.close();
await vigilant.close();
`;

describe('the packed packages', () => {
  it('contain the pages for the authors of adapters, whose links lead somewhere', () => {
    const docs = join(folder, 'node_modules', '@vigilant', 'conformance', 'dist', 'docs');
    const pages = readdirSync(docs);
    expect(pages).toContain('writing-a-sql-store.md');
    for (const page of pages)
      for (const [, target = ''] of readFileSync(join(docs, page), 'utf8').matchAll(/\]\(([^)#\s]+)/g))
        expect(target.startsWith('https://') || pages.includes(target), `${page} links to ${target}`).toBe(
          true,
        );
  });

  it('log and query from an ES module', () => {
    const imports = `
      import { createVigilant } from '@vigilant/core';
      import { sqlite } from '@vigilant/store-sqlite';
      import { createGrpcClient, serveGrpc } from '@vigilant/grpc';
      const kind = 'esm';`;
    expect(runFile('program.mjs', imports + PROGRAM)).toBe('esm embedded, over the wire\n');
  });

  it('log and query from CommonJS', () => {
    const requires = `
      const { createVigilant } = require('@vigilant/core');
      const { sqlite } = require('@vigilant/store-sqlite');
      const { createGrpcClient, serveGrpc } = require('@vigilant/grpc');
      const kind = 'cjs';`;
    const program = `${requires} (async () => { ${PROGRAM} })();`;
    expect(runFile('program.cjs', program)).toBe('cjs embedded, over the wire\n');
  });

  it.each([
    [
      'ESM',
      'entries.mjs',
      'import * as core from "@vigilant/core"; import * as adapter from "@vigilant/core/adapter";',
    ],
    [
      'CommonJS',
      'entries.cjs',
      'const core = require("@vigilant/core"); const adapter = require("@vigilant/core/adapter");',
    ],
  ])('share the error class between the entry points of core in %s', (_, file, imports) => {
    const program = `${imports}
      const error = adapter.toVigilantError(new Error('m'), 'VIGILANT_INTERNAL', 'It failed');
      console.log(error instanceof core.VigilantError, core.isVigilantError(error));`;
    expect(runFile(file, program)).toBe('true true\n');
  });

  it.each(NAMES)('install %s without the drivers of the other packages', (name) => {
    const alone = installAlone(name);
    const code = `import * as all from '@vigilant/${name}'; console.log(Object.keys(all).length > 0);`;
    const args = ['--input-type=module', '--eval', code];
    expect(execFileSync(process.execPath, args, { cwd: alone, encoding: 'utf8' })).toBe('true\n');
    const { dependencies = {}, peerDependencies = {} } = manifestOf(name);
    const others = Object.entries(DRIVERS).filter(([owner]) => owner !== name);
    for (const [, driver] of others)
      expect({ ...dependencies, ...peerDependencies }).not.toHaveProperty([driver]);
  });
});

/** The READMEs with a snippet that is run. */
const SNIPPETS = READMES.flatMap((readme) => {
  const text = readFileSync(join(ROOT, readme), 'utf8');
  const code = /<!-- run by a test -->\s+```js\n(.*?)```/s.exec(text)?.[1];
  return code === undefined ? [] : [{ readme, code }];
});

/** Runs a snippet. Each line that prints ends with a comment with the expected output. */
function checkSnippet(readme: string, code: string): void {
  const expected = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => `${text}\n`);
  expect(expected).not.toEqual([]);
  const cwd = join(folder, 'snippets', readme.replaceAll('/', '-'));
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'snippet.mjs'), code);
  const args = { cwd, encoding: 'utf8', timeout: 60_000 } as const;
  expect(execFileSync(process.execPath, ['snippet.mjs'], args)).toBe(expected.join(''));
  expect(code.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(12);
}

describe('the snippets of the READMEs', () => {
  const embedded = SNIPPETS.filter(({ code }) => !/127\.0\.0\.1:(?:9092|3306)/.test(code));
  it.each(embedded)('print the documented output ($readme)', ({ readme, code }) =>
    checkSnippet(readme, code),
  );

  const onKafka = SNIPPETS.filter(({ code }) => code.includes('127.0.0.1:9092'));
  describeWithService('kafka', 'with Kafka', (address) => {
    it.each(onKafka)('print the documented output ($readme)', ({ readme, code }) =>
      checkSnippet(
        readme,
        code.replace('127.0.0.1:9092', address).replace("topic: 'shop'", `topic: '${unique()}'`),
      ),
    );
  });

  const onMysql = SNIPPETS.filter(({ code }) => code.includes('127.0.0.1:3306'));
  describeWithService('mysql', 'with MySQL', (address) => {
    it.each(onMysql)('print the documented output ($readme)', ({ readme, code }) =>
      checkSnippet(readme, code.replace(/mysql:\/\/[^/]*\/\w+/, `${address}/${unique()}`)),
    );
  });
});
