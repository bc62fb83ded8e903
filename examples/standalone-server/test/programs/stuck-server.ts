// A server whose engine never closes.
import { createVigilant } from '@vigilant/core';
import { serveGrpc } from '@vigilant/grpc';
import { stopOnSignals } from '../../src/stop';

const vigilant = createVigilant();
const server = await serveGrpc(vigilant, { port: 0 });
setInterval(() => {}, 1_000);
Object.assign(stopOnSignals(), {
  servers: [server],
  vigilant: { ...vigilant, close: () => new Promise(() => {}) },
});
console.log(`gRPC ${server.address}\n\ntry`);
