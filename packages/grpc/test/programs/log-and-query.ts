// Logs an event with a client through a server, queries it, and prints it as JSON.
import { createVigilant } from '@vigilant/core';
import { createGrpcClient, serveGrpc } from '@vigilant/grpc';

const vigilant = createVigilant();
const server = await serveGrpc(vigilant, { port: 0 });
const client = createGrpcClient({ address: server.address });
await client.log({
  message: 'an event',
  tags: ['a', 'b'],
  data: JSON.parse('{"__proto__": [1, {"deep": true}]}'),
});
const { events } = await client.query();
console.log(JSON.stringify(events.map(({ message, tags, data }) => ({ message, tags, data }))));
await client.close();
await server.close();
await vigilant.close();
