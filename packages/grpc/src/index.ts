export { createGrpcClient } from './client/client';
export type { ClientCloseResult, ClientStatus, GrpcClient } from './client/client';
export type { GrpcClientOptions } from './client/client-options';
export type { ClientQueryOptions } from './client/query';
export type { ClientTailOptions } from './client/tail';
export { redirectGrpcLog } from './transport/grpc-log';
export { serveGrpc } from './server/serve';
export type { GrpcServer } from './server/serve';
export type { ServeGrpcOptions } from './server/server-options';
