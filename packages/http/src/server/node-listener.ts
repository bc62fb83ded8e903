import type { IncomingMessage, ServerResponse } from 'node:http';
import { VigilantError } from '@vigilant/core';
import type { HttpHandler } from '../handler/handler';
import { unsupportedMethod } from '../wire/http-error';
import { problemResponse } from '../wire/problem';
import { parseTarget, toRequest } from './node-request';
import { sendResponse } from './node-response';

/** A request of `node:http`, or of a framework that mounts handlers at a path, such as Express. */
export type NodeRequest = IncomingMessage & {
  /** Request target before the framework removed the mount path. */
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
    const target = parseTarget(incoming.originalUrl ?? incoming.url ?? '/');
    const info = { mountPath: incoming.baseUrl ?? '' };
    const [path = ''] = target.path.split('?');
    if (next !== undefined && !handler.handles(path, info)) return next();
    const send = (response: Response): Promise<void> => sendResponse(response, incoming, outgoing);
    if (incoming.readableEnded) return void send(problemResponse(alreadyRead()));
    if (!isFetchMethod(incoming.method))
      return void send(problemResponse(unsupportedMethod(incoming.method ?? '', METHODS)));
    const aborting = new AbortController();
    outgoing.once('close', () => aborting.abort());
    const request = toRequest(incoming, target, aborting.signal);
    void handler.fetch(request, info).then((response) => {
      // An unread body must not block the next request on the connection.
      request.body?.cancel().catch(() => {});
      return send(response);
    });
  };
}

/** Methods of the API. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'];

/** Returns whether the Fetch standard allows a `Request` with a method. */
function isFetchMethod(method = 'GET'): boolean {
  return !['CONNECT', 'TRACE', 'TRACK'].includes(method.toUpperCase());
}

function alreadyRead(): VigilantError {
  const reason =
    'another middleware of the server, such as express.json(), has already read it; mount Vigilant before that middleware';
  const violations = [{ field: 'body', code: 'already_read', reason }];
  return new VigilantError('VIGILANT_OPTIONS_INVALID', `body: ${reason}`, { violations });
}
