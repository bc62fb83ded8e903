// An application with an engine and a server. Prints its address, and closes both when its input ends. Nothing else keeps
// it alive.
import { createVigilant } from '@vigilant/core';
import { serveGrpc } from '@vigilant/grpc';

const vigilant = createVigilant();
const server = await serveGrpc(vigilant, { port: 0 });
console.log(server.address);
process.stdin.resume().once('end', () => {
  void Promise.all([server.close({ graceMs: 2_000 }), vigilant.close()]).then(() => console.log('closed'));
});
