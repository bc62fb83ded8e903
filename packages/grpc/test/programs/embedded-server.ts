// An application with an engine and a server. Says where it listens, closes both when its input ends, and has nothing else
// that keeps it alive.
import { createVigilant } from '@vigilant/core';
import { serveGrpc } from '@vigilant/grpc';

const vigilant = createVigilant();
const server = await serveGrpc(vigilant, { port: 0 });
console.log(server.address);
process.stdin.resume().once('end', () => {
  void Promise.all([server.close({ graceMs: 2_000 }), vigilant.close()]).then(() => console.log('closed'));
});
