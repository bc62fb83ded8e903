// Creates a server and a client, and prints the error of each.
import { createVigilant } from '@vigilant/core';
import { createGrpcClient, serveGrpc } from '@vigilant/grpc';

const failureOf = async (create: () => unknown): Promise<string> => {
  try {
    await create();
    return 'created';
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return `${code}: ${message}`;
  }
};

console.log(await failureOf(() => serveGrpc(createVigilant(), { port: 0 })));
console.log(await failureOf(() => createGrpcClient({ address: '127.0.0.1:1' })));
