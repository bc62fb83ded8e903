import { Server, ServerCredentials, Client, credentials } from '@grpc/grpc-js';
import { createTestContext } from '@vigilant/conformance';
import { createVigilant } from '@vigilant/core';
import { createGrpcClient, serveGrpc } from '@vigilant/grpc';
import { createSqliteStore, sqlite } from '@vigilant/store-sqlite';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../lib/setup.mjs';

const FIXTURES = join(ROOT, 'scripts', 'test', 'fixtures');
const VERSIONS = readdirSync(FIXTURES).filter((name) => /^v\d+$/.test(name));

/** A recorded call of `vigilant.v1.EventService`. Messages are in Base64. */
interface RecordedCall {
  readonly method: string;
  readonly request: string;
  readonly response: string;
}

const FIRST = { id: 'first', message: 'order placed', level: 'WARN', tags: ['a', 'b'] };
const SECOND = {
  id: 'second',
  message: 'Zürich 😀 "quoted"',
  timestamp: Date.UTC(2026, 0, 1) + 1.5,
  data: { userId: 42, big: '9007199254740993' },
};
const THIRD = { id: 'third', message: 'not stored yet' };

const fromBase64 = (text: string): Buffer => Buffer.from(text, 'base64');
const pathOf = (method: string): string => `/vigilant.v1.EventService/${method}`;
const asBytes = (bytes: Buffer): Buffer => bytes;

describe.each(VERSIONS)('data of version %s', (version) => {
  const fileOf = (name: string): string => join(FIXTURES, version, name);
  const messages = JSON.parse(readFileSync(fileOf('messages.json'), 'utf8')) as {
    readonly kafkaRecords: readonly string[];
    readonly calls: readonly RecordedCall[];
  };

  /** Copies the databases to a folder that is deleted when the test ends. */
  function copyDatabases(): string {
    const folder = mkdtempSync(join(tmpdir(), 'vigilant-previous-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const name of ['events.db', 'journal.db']) copyFileSync(fileOf(name), join(folder, name));
    return folder;
  }

  it('contains stored and pending events, which a query finds', async () => {
    const vigilant = createVigilant(sqlite(copyDatabases()));
    onTestFinished(async () => void (await vigilant.close()));
    const { events, complete, freshness } = await vigilant.query('', { order: 'arrival', freshMs: 60_000 });
    expect(events).toMatchObject([FIRST, SECOND, THIRD]);
    expect({ complete, freshness }).toEqual({ complete: true, freshness: { complete: true, pending: 0 } });
  });

  it('contains a dead letter, which can be read, replayed and deleted', async () => {
    const vigilant = createVigilant(sqlite(copyDatabases()));
    onTestFinished(async () => void (await vigilant.close()));
    const [letter] = (await vigilant.deadLetters.list()).letters;
    expect(letter).toMatchObject({ reason: 'id-conflict', id: 'first', count: 1 });
    const key = letter?.key ?? '';
    expect((await vigilant.deadLetters.get(key))?.bytes.length).toBeGreaterThan(0);
    await vigilant.deadLetters.replay(key);
    await vigilant.flush();
    // The conflict persists, so the letter does.
    const again = (await vigilant.deadLetters.list()).letters;
    expect(again).toMatchObject([{ id: 'first' }]);
    await vigilant.deadLetters.delete(again[0]?.key ?? '');
    expect((await vigilant.deadLetters.list()).letters).toEqual([]);
  });

  it('contains a document', async () => {
    const store = createSqliteStore(join(copyDatabases(), 'events.db'));
    await store.open(createTestContext());
    onTestFinished(() => store.close());
    expect((await store.documents?.get('setting', 'theme'))?.value).toEqual({ dark: true });
  });

  it('contains Kafka records, which decode to their events', () => {
    const { decodeEvent } = createTestContext();
    const events = messages.kafkaRecords.map((record) =>
      decodeEvent(fromBase64(record), { name: 'topic/0/0' }),
    );
    expect(events).toMatchObject([FIRST, SECOND, { id: 'first', message: 'other content' }]);
  });

  it('contains requests of the gRPC client, which the server answers', async () => {
    const vigilant = createVigilant();
    const server = await serveGrpc(vigilant, { port: 0 });
    const client = new Client(server.address, credentials.createInsecure());
    onTestFinished(async () => {
      client.close();
      await server.close();
      await vigilant.close();
    });
    for (const { method, request } of messages.calls)
      await new Promise<void>((resolve, reject) => {
        client.makeUnaryRequest(pathOf(method), asBytes, asBytes, fromBase64(request), (error) =>
          error === null ? resolve() : reject(error),
        );
      });
    expect((await vigilant.query('', { order: 'oldest' })).events).toMatchObject([FIRST, SECOND]);
  });

  it('contains responses of the gRPC server, which the client reads', async () => {
    const client = createGrpcClient({ address: await serveRecorded(messages.calls) });
    onTestFinished(async () => void (await client.close()));
    expect(await client.log(FIRST)).toMatchObject({ id: 'first' });
    const { events, nextCursor, complete } = await client.query('level>=INFO');
    expect(events).toMatchObject([FIRST]);
    expect({ complete, hasNext: nextCursor !== undefined }).toEqual({ complete: true, hasNext: true });
    expect(await client.get('second')).toMatchObject(SECOND);
  });

  it('contains a protobuf schema with which the present one is compatible', () => {
    const tool = join(ROOT, 'node_modules', '.bin', process.platform === 'win32' ? 'buf.cmd' : 'buf');
    const args = ['breaking', 'proto', '--against', fileOf('proto.binpb')];
    execFileSync(tool, args, { cwd: ROOT, encoding: 'utf8', shell: process.platform === 'win32' });
  });
});

/** Starts a server that returns the first recorded response of each method. Returns its address. */
async function serveRecorded(calls: readonly RecordedCall[]): Promise<string> {
  const server = new Server();
  for (const method of new Set(calls.map((call) => call.method))) {
    const response = fromBase64(calls.find((call) => call.method === method)?.response ?? '');
    server.register(
      pathOf(method),
      (_call: unknown, callback: (error: null, bytes: Buffer) => void) => callback(null, response),
      asBytes,
      asBytes,
      'unary',
    );
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  onTestFinished(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}
