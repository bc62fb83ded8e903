// F3: a gRPC server on grpc-js and proto-loader that returns the same responses and does nothing else.
import { Server, ServerCredentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSchema } from './schema.mjs';

const { EventService } = loadPackageDefinition(loadSchema()).vigilant.v1;
const server = new Server({ 'grpc.max_receive_message_length': 16 * 1024 * 1024 });
server.addService(EventService.service, {
  LogEvent: ({ request }, callback) => callback(null, { id: request.event.id }),
  LogEvents({ request: { events } }, callback) {
    callback(null, { results: events.map(({ id }) => ({ id })), accepted: events.length });
  },
});
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(`gRPC        127.0.0.1:${port}\n\ntry`);
});
