import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpHandler } from '../handler/handler';
import { toRequest } from './node-request';
import { sendResponse } from './node-response';

/** A request of Node.js, or of a framework that mounts handlers at a path, such as Express. */
export type NodeRequest = IncomingMessage & {
  /** Target of the request before a framework removed the path of the mount. */
  readonly originalUrl?: string;
  /** Path at which a framework mounts the listener. */
  readonly baseUrl?: string;
};

/** A listener of `node:http`, which is also a middleware of Express. */
export type NodeListener = (
  request: NodeRequest,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => void;

/**
 * Creates a listener for `node:http` and Express. Requests outside the base path are passed to `next`, if there is one.
 *
 * @example
 * app.use('/ops/events', createNodeListener(handler));
 */
export function createNodeListener(handler: HttpHandler): NodeListener {
  return (incoming, outgoing, next) => {
    const target = incoming.originalUrl ?? incoming.url ?? '/';
    const info = { mountPath: incoming.baseUrl ?? '' };
    const [path = ''] = target.split('?');
    if (next !== undefined && !handler.handles(path, info)) return next();
    const aborting = new AbortController();
    outgoing.once('close', () => aborting.abort());
    const request = toRequest(incoming, target, aborting.signal);
    void handler.fetch(request, info).then((response) => sendResponse(response, incoming, outgoing));
  };
}
