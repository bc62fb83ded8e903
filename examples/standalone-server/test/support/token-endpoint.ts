import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Returns the answer to a request. One without a token is an error. */
export type Answer = () => { readonly access_token?: string; readonly [field: string]: unknown };

/** A token endpoint of OAuth 2.0 on loopback. */
export interface TokenEndpoint {
  readonly url: string;
  readonly requests: readonly { readonly authorization: string | undefined; readonly body: string }[];
}

/** Starts an endpoint, which stops when the test ends. */
export async function startTokenEndpoint(answer: Answer): Promise<TokenEndpoint> {
  const requests: { authorization: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { authorization } = request.headers;
      requests.push({ authorization, body: Buffer.concat(chunks).toString() });
      const fields = answer();
      response.writeHead(fields.access_token === undefined ? 400 : 200, {
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(fields));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/token`, requests };
}
