// F3: a gRPC server of grpc-js and proto-loader that takes the same requests, does nothing and answers the same.
import { Server, ServerCredentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSchema } from './schema.mjs';

const { EventService } = loadPackageDefinition(loadSchema()).vigilant.v1;
const server = new Server({ 'grpc.max_receive_message_length': 16 * 1024 * 1024 });
server.addService(EventService.service, {
  LogEvent: ({ request }, answer) => answer(null, { id: request.event.id }),
  LogEvents({ request: { events } }, answer) {
    answer(null, { results: events.map(({ id }) => ({ id })), accepted: events.length });
  },
});
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(`gRPC        127.0.0.1:${port}\n\ntry`);
});
