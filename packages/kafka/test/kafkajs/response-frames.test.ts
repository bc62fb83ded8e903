import kafkajs from 'kafkajs';
import Connection from 'kafkajs/src/network/connection.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkResponseFrames } from '../../src/kafkajs/response-frames';
import { createSockets } from '../../src/kafkajs/sockets';
import { createFrameReader } from '../support/frames';

const silent = new kafkajs.Kafka({ brokers: ['127.0.0.1:1'], logLevel: kafkajs.logLevel.NOTHING }).logger();

/** How long connecting may take, in milliseconds. */
const CONNECT_MS = 5_000;

/** Where the correlation id of a request is. */
const CORRELATION_ID = { start: 4, end: 8 };

class TestConnection extends Connection {}
checkResponseFrames(TestConnection.prototype);

/** Answers a request on a socket. @param requestId - Its correlation id, as bytes. */
type Answer = (socket: Socket, requestId: Buffer) => void;

/** Creates a connection to a server that sends these answers, one to each request. */
async function createConnection(...answers: Answer[]): Promise<TestConnection> {
  const sockets = createSockets();
  // The server can still send on a connection that the client has ended.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    const onRequest = (request: Buffer): void =>
      answers.shift()?.(socket, request.subarray(CORRELATION_ID.start, CORRELATION_ID.end));
    socket.on('data', createFrameReader(onRequest));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    sockets.destroy();
    server.close();
  });
  return new TestConnection({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    logger: silent,
    socketFactory: sockets.create,
    requestTimeout: 60_000,
    connectionTimeout: CONNECT_MS,
  });
}

/** Encodes a response. @param length - The length that it states. */
function encode(requestId: Buffer, text: string, length = requestId.length + text.length): Buffer {
  const head = Buffer.alloc(4);
  head.writeInt32BE(length);
  return Buffer.concat([head, requestId, Buffer.from(text)]);
}

/** Sends a request. Resolves to the text of its response. */
async function ask(connection: TestConnection): Promise<string> {
  await connection.connect();
  return connection.send({
    request: { apiKey: 18, apiVersion: 0, apiName: 'ApiVersions', encode: async () => new Encoder() },
    response: { decode: async (payload) => payload, parse: async (payload) => String(payload) },
  });
}

describe('checkResponseFrames', () => {
  it('reads the responses of a new connection after one was lost in the middle of a response', async () => {
    const connection = await createConnection(
      (socket, id) => socket.end(encode(id, 'the first').subarray(0, 10)),
      (socket, id) => socket.write(encode(id, 'the second')),
      (socket, id) => socket.write(encode(id, 'the third')),
    );
    await expect(ask(connection)).rejects.toThrow('Closed connection');
    expect(await ask(connection)).toBe('the second');
    expect(await ask(connection)).toBe('the third');
  });

  it('opens one connection for requests that are sent at once', async () => {
    const sockets = new Set<Socket>();
    const respond: Answer = (socket, id) => {
      sockets.add(socket);
      socket.write(encode(id, 'answer'));
    };
    const connection = await createConnection(respond, respond);
    expect(await Promise.all([ask(connection), ask(connection)])).toEqual(['answer', 'answer']);
    expect(sockets.size).toBe(1);
  });

  it('does not listen to an earlier connection', async () => {
    const lost: Socket[] = [];
    const connection = await createConnection(
      (socket, id) => {
        lost.push(socket);
        socket.write(encode(id, 'the first'));
      },
      (socket, id) => {
        lost[0]?.once('close', () => socket.write(encode(id, 'the second'))).end(encode(id, 'late'));
      },
    );
    expect(await ask(connection)).toBe('the first');
    await connection.disconnect();
    expect(await ask(connection)).toBe('the second');
  });

  it('keeps the beginning of a response when connect() is called again', async () => {
    const connection = await createConnection((socket, id) => {
      const response = encode(id, 'the first');
      socket.write(response.subarray(0, 10));
      void connection.connect().then(() => socket.write(response.subarray(10)));
    });
    expect(await ask(connection)).toBe('the first');
  });

  it.each([
    ['states a negative length', (id: Buffer) => encode(id, '', -1)],
    ['states a length without room for the id of the request', (id: Buffer) => encode(id, '', 3)],
    ['states a length that no response has', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['is an alert of TLS', () => Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28])],
  ])('rejects the request and closes the connection when the response %s', async (_, respond) => {
    const connection = await createConnection((socket, id) => socket.write(respond(id)));
    await expect(ask(connection)).rejects.toThrow('the server does not answer as Kafka does');
    expect(connection.isConnected()).toBe(false);
  });
});
