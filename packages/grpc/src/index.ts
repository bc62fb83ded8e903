export { serveGrpc } from './server/serve';
export type { GrpcServer } from './server/serve';
export type { ServeGrpcOptions } from './server/options';
