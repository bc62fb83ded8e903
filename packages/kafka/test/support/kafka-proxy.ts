import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { createFrameReader, toFrame } from './frames';

/** API keys of requests. */
export const API = {
  produce: 0,
  fetch: 1,
  metadata: 3,
  findCoordinator: 10,
  joinGroup: 11,
  apiVersions: 18,
  createTopics: 19,
};

/** Whether a request or response passes, or the connection is closed before it, or in the middle of it. */
export type Verdict = 'pass' | 'cut' | 'cut-within';

/** Rules of a proxy, which the test may replace at any time. */
export interface ProxyRules {
  /** Decides on a request before Kafka receives it. */
  onRequest?(api: number): Verdict;
  /** Decides on a response, which it may delay and change. Responses of one connection may overtake each other. */
  onAnswer?(api: number, body: Buffer): Verdict | Promise<Verdict>;
}

/** Proxy between a client and a Kafka on the same machine. Replaces the address of Kafka in responses with its own. */
export interface KafkaProxy {
  readonly address: string;
  rules: ProxyRules;
  /** Number of connections that have ended. */
  readonly ended: number;
  /** Ends all connections. */
  cutAll(): void;
}

const HOST = Buffer.from('127.0.0.1');

/** Offset of the body of a response, after the correlation id. */
const BODY_AT = 4;

/** Starts a proxy, which stops when the test ends. */
export async function startKafkaProxy(target: string): Promise<KafkaProxy> {
  const targetPort = Number(target.split(':')[1]);
  const sockets = new Set<Socket>();
  let ended = 0;
  const server = createServer((client) => {
    client.once('close', () => (ended += 1));
    const upstream = connect(targetPort, '127.0.0.1');
    const apis = new Map<number, number>();
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket.setNoDelay(true));
      socket.on('error', cut).on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    const onRequest = createFrameReader((frame) => {
      const api = frame.readInt16BE(0);
      if (client.destroyed) return;
      if ((proxy.rules.onRequest?.(api) ?? 'pass') !== 'pass') return cut();
      apis.set(frame.readInt32BE(4), api);
      upstream.write(toFrame(frame));
    });
    const onAnswer = createFrameReader((frame) => {
      const id = frame.readInt32BE(0);
      const api = apis.get(id) ?? -1;
      apis.delete(id);
      if (api === API.metadata || api === API.findCoordinator) replacePort(frame, targetPort, port);
      void (async () => {
        const verdict = await (proxy.rules.onAnswer?.(api, frame.subarray(BODY_AT)) ?? 'pass');
        if (verdict === 'cut') cut();
        else if (verdict === 'cut-within') client.end(toFrame(frame).subarray(0, frame.length / 2));
        else if (!client.destroyed) client.write(toFrame(frame));
      })();
    });
    client.on('data', onRequest);
    upstream.on('data', onAnswer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: KafkaProxy = {
    address: `127.0.0.1:${port}`,
    rules: {},
    get ended() {
      return ended;
    },
    cutAll() {
      for (const socket of sockets) socket.destroy();
    },
  };
  onTestFinished(() => {
    server.close();
    proxy.cutAll();
  });
  return proxy;
}

/** Replaces the port wherever it follows the host. */
function replacePort(bytes: Buffer, from: number, to: number): void {
  for (let at = bytes.indexOf(HOST); at >= 0; at = bytes.indexOf(HOST, at + 1)) {
    const portAt = at + HOST.length;
    if (portAt + 4 <= bytes.length && bytes.readInt32BE(portAt) === from) bytes.writeInt32BE(to, portAt);
  }
}
