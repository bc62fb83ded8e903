import type { Vigilant } from '@vigilant/core';
import { VigilantError } from '@vigilant/core';
import { readOnlyError } from '@vigilant/core/adapter';
import type { Call, Route, Services } from '../routes/route';
import { ROUTES } from '../routes/routes';
import { forbidden, unauthenticated, unsupportedMethod } from '../wire/http-error';
import { readParameters } from '../wire/parameters';
import type { ConsoleFiles } from './console-files';
import { serveConsole } from './console-files';
import type { Match } from './match';
import { matchRoutes, unknownPath } from './match';
import type { BodyLimits } from './request-body';
import { createRequestBody } from './request-body';
import { optionsResponse } from './security-headers';

/** Headers that identify a caller. A request without a value for any of them that is not allowed lacks credentials. */
const CREDENTIALS = ['authorization', 'cookie'];

/** Dependencies of a router. */
export interface RouterParts {
  readonly vigilant: Vigilant;
  readonly services: Services;
  readonly bodies: BodyLimits;
  readonly console: ConsoleFiles | undefined;
}

/** A request to be routed. */
export interface RoutedRequest extends Pick<Call, 'request' | 'signal' | 'extend'> {
  readonly url: URL;
  /** Public path of the handler; ends with `/`. */
  readonly basePath: string;
}

/** Routes requests to the endpoints of the API and the files of the console. */
export interface Router {
  /** @throws {VigilantError} for a request that it rejects */
  answer(routed: RoutedRequest): Promise<Response>;
  /** Returns whether a request is for a page of the console. */
  isPage(request: Request, path: string): boolean;
}

/** Creates a router. */
export function createRouter(parts: RouterParts): Router {
  return new RouteTable(parts);
}

class RouteTable implements Router {
  readonly #parts: RouterParts;

  constructor(parts: RouterParts) {
    this.#parts = parts;
  }

  isPage(request: Request, path: string): boolean {
    const { console: files } = this.#parts;
    return request.method === 'GET' && files !== undefined && isPage(files, withoutSlash(path));
  }

  async answer(routed: RoutedRequest): Promise<Response> {
    const { request, url, basePath } = routed;
    if (`${url.pathname}/` === basePath) return redirect(`${basePath}${url.search}`);
    if (!url.pathname.startsWith(basePath)) throw unknownPath([], url.pathname);
    const path = `/${url.pathname.slice(basePath.length)}`;
    const matches = matchRoutes(ROUTES, path);
    if (matches.length === 0) return this.#answerOther(routed, path);
    const methods = methodsOf(matches);
    if (request.method === 'OPTIONS') return optionsResponse(methods);
    const isHead = request.method === 'HEAD';
    const method = isHead ? 'GET' : request.method;
    const match = matches.find(({ route }) => route.method === method);
    if (match === undefined) throw unsupportedMethod(request.method, methods);
    const response = await this.#call(match, routed);
    return isHead ? withoutBody(response) : response;
  }

  async #call({ route, id }: Match, { request, url, signal, extend }: RoutedRequest): Promise<Response> {
    const { vigilant, services, bodies } = this.#parts;
    if (services.isClosing() && route.scopes.length > 0) throw stopping();
    await checkScopes(route, request, services);
    checkWritable(route, vigilant);
    const values = readParameters(url.search, route.parameters);
    const body = createRequestBody(request, signal, bodies);
    const readBody = (): Promise<Uint8Array> => body.read();
    try {
      return await route.handle({ vigilant, request, values, id, signal, readBody, extend, services });
    } finally {
      body.release();
    }
  }

  /** Answers a request for a path that is not an endpoint. */
  #answerOther({ request, url, basePath }: RoutedRequest, path: string): Response {
    const { console: files } = this.#parts;
    const response = files && serveConsole(files, path.slice(1), basePath, request);
    const methods = ['GET', 'HEAD', 'OPTIONS'];
    if (response === undefined) {
      const direct = path === '/index.html' ? '/' : withoutSlash(path);
      // Other methods are not redirected: a client that does not follow redirects could assume that its event was logged.
      if (direct !== path && ['GET', 'HEAD'].includes(request.method) && this.#exists(direct))
        return redirect(`${basePath}${direct.slice(1)}${url.search}`);
      throw unknownPath(ROUTES, path);
    }
    if (request.method === 'OPTIONS') return optionsResponse(methods);
    if (!methods.includes(request.method)) throw unsupportedMethod(request.method, methods);
    return request.method === 'HEAD' ? withoutBody(response) : response;
  }

  #exists(path: string): boolean {
    const { console: files } = this.#parts;
    return matchRoutes(ROUTES, path).length > 0 || (files !== undefined && isPage(files, path));
  }
}

function isPage(files: ConsoleFiles, path: string): boolean {
  return files.isPage(path.slice(1));
}

/** Removes the slash at the end of a path. */
function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Creates the error of requests and tails that end because the handler is closing. */
export function stopping(): VigilantError {
  return new VigilantError('VIGILANT_CLOSED', 'The server is stopping. Connect to another one.', {
    retryable: true,
  });
}

async function checkScopes({ scopes }: Route, request: Request, { mayUse }: Services): Promise<void> {
  for (const scope of scopes) {
    if (await mayUse(request, scope)) continue;
    if (CREDENTIALS.some((name) => request.headers.get(name)))
      throw forbidden('Authorization', `this caller does not have the scope "${scope}"`);
    throw unauthenticated(`the request has no credentials, and the scope "${scope}" requires them`);
  }
}

/** Rejects a write before its body is read. */
function checkWritable({ scopes, method, path }: Route, { capabilities }: Vigilant): void {
  if (scopes.includes('log') && capabilities.store.readOnly === true)
    throw readOnlyError(`${method} ${path}`);
}

function methodsOf(matches: readonly Match[]): readonly string[] {
  const methods = matches.map(({ route }) => route.method);
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
}

function withoutBody(response: Response): Response {
  void response.body?.cancel().catch(() => {});
  const { status, headers } = response;
  return new Response(null, { status, headers });
}

function redirect(location: string): Response {
  return new Response(null, { status: 308, headers: { location } });
}
