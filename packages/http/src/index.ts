export type { ConsoleFile, ConsoleFiles } from './handler/console-files';
export { createHttpHandler } from './handler/handler';
export type { HttpHandler, RequestInfo } from './handler/handler';
export type { Authorize, HttpHandlerOptions } from './handler/handler-options';
export type { Scope } from './routes/route';
export { createNodeListener } from './server/node-listener';
export type { NodeListener, NodeRequest } from './server/node-listener';
export { serveHttp } from './server/serve';
export type { HttpServer, ServeHttpOptions } from './server/serve';
