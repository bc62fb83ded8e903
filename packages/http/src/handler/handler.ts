import type { Vigilant } from '@vigilant/core';
import { ERROR_CODES, VigilantError, isVigilantError } from '@vigilant/core';
import {
  checkEngine,
  checkIntegerOption,
  checkOptionKeys,
  guardDiagnostics,
  reasonOf,
  withTimeout,
} from '@vigilant/core/adapter';
import type { Route, Scope, Services } from '../routes/route';
import { ROUTES } from '../routes/routes';
import { HttpError } from '../wire/http-error';
import { createOpenStreams } from '../wire/open-streams';
import { readParameters } from '../wire/parameters';
import { problemResponse } from '../wire/problem';
import { serveConsole } from './console-files';
import type { GuardRules } from './guard';
import { checkSource, rulesOf } from './guard';
import type { HttpHandlerOptions, ResolvedHttpHandlerOptions } from './handler-options';
import { resolveHandlerOptions } from './handler-options';
import type { Match } from './match';
import { matchRoutes } from './match';
import { readBody } from './read-body';
import { optionsResponse, secure } from './security-headers';

/** How long `close` waits for running requests by default, in milliseconds. */
export const GRACE_MS = 10_000;

/** Paths of the API, which never lead to the console. */
const API = /^\/v1(\/|$)/;

/** What a server knows about a request besides the request itself. */
export interface RequestInfo {
  /** Path at which a framework mounts the handler; precedes `basePath`. @defaultValue `''` */
  readonly mountPath?: string;
}

/** Answers HTTP requests. */
export interface HttpHandler {
  /** Returns the response to a request. Never rejects. */
  fetch(request: Request, info?: RequestInfo): Promise<Response>;
  /** Returns whether a path is below the base path. */
  handles(path: string, info?: RequestInfo): boolean;
  /**
   * Ends tails with a `problem`, rejects further requests with `VIGILANT_CLOSED`, and waits up to `graceMs` (10 s) for running
   * requests, which are then aborted. Idempotent. The engine stays open.
   *
   * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` only.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

/**
 * Creates a handler that serves an engine over HTTP, for a server or a framework that uses the `Request` and `Response` of the
 * Fetch API. `createNodeListener` mounts it in `node:http` and Express.
 *
 * @example
 * const handler = createHttpHandler(vigilant, { authorize: (request, scope) => mayUse(request, scope) });
 * const response = await handler.fetch(new Request('http://localhost/v1/events?filter=level:ERROR'));
 *
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function createHttpHandler(vigilant: Vigilant, options: HttpHandlerOptions): HttpHandler {
  checkEngine('createHttpHandler()', vigilant);
  const resolved = resolveHandlerOptions(options);
  return new RoutingHandler(vigilant, resolved, rulesOf(resolved));
}

/** Answers requests with the routes of the API and the files of the console. */
export class RoutingHandler implements HttpHandler {
  readonly #vigilant: Vigilant;
  readonly #options: ResolvedHttpHandlerOptions;
  readonly #rules: GuardRules;
  readonly #services: Services;
  /** Aborts the running requests. */
  readonly #running = new Set<AbortController>();
  #onIdle: () => void = () => {};
  #closing: Promise<void> | undefined;

  constructor(vigilant: Vigilant, options: ResolvedHttpHandlerOptions, rules: GuardRules) {
    this.#vigilant = vigilant;
    this.#options = options;
    this.#rules = rules;
    const { clock, onDiagnostic, maxBodyBytes, maxTails } = options;
    const report = guardDiagnostics(onDiagnostic, () => clock.monotonic());
    this.#services = {
      clock,
      streams: createOpenStreams(maxTails),
      isClosing: () => this.#closing !== undefined,
      mayUse: (request, scope) => this.#mayUse(request, scope),
      readBody: (request) => readBody(request, maxBodyBytes),
      onFailure(error) {
        if (isVigilantError(error) && ERROR_CODES[error.code].http !== 500) return;
        const message = `A request failed: ${reasonOf(error)}`;
        report({ level: 'error', component: 'http-server', code: 'request-failed', message, error });
      },
    };
  }

  handles(path: string, { mountPath = '' }: RequestInfo = {}): boolean {
    const base = mountPath + this.#options.basePath;
    return path.startsWith(base) || `${path}/` === base;
  }

  async fetch(request: Request, info: RequestInfo = {}): Promise<Response> {
    const controller = new AbortController();
    const abort = (): void => controller.abort(request.signal.reason);
    if (request.signal.aborted) abort();
    request.signal.addEventListener('abort', abort, { once: true });
    this.#running.add(controller);
    let origin: string | undefined;
    try {
      const isPage = this.#isPage(request, info);
      origin = checkSource(request, this.#rules, isPage);
      return secure(await this.#answer(request, info, controller.signal), origin);
    } catch (error) {
      if (!controller.signal.aborted) this.#services.onFailure(error);
      return secure(problemResponse(error), origin);
    } finally {
      this.#running.delete(controller);
      if (this.#running.size === 0) this.#onIdle();
    }
  }

  async close(options: { readonly graceMs?: number } = {}): Promise<void> {
    checkOptionKeys('HttpHandler.close()', options, ['graceMs']);
    const { graceMs = GRACE_MS } = options;
    checkIntegerOption('HttpHandler.close.graceMs', graceMs, 0, 600_000);
    this.#closing ??= this.#close(graceMs);
    return this.#closing;
  }

  async #close(graceMs: number): Promise<void> {
    // The assignment of the promise comes first, so that no request starts a tail in between.
    await Promise.resolve();
    this.#services.streams.endAll(stopping());
    if (this.#running.size === 0) return;
    const idle = new Promise<void>((resolve) => (this.#onIdle = resolve));
    await withTimeout(idle, { clock: this.#options.clock, timeoutMs: graceMs, onTimeout: () => {} });
    for (const controller of this.#running) controller.abort(stopping());
  }

  async #answer(request: Request, info: RequestInfo, signal: AbortSignal): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const base = (info.mountPath ?? '') + this.#options.basePath;
    if (`${pathname}/` === base) return redirect(`${base}${search}`);
    if (!pathname.startsWith(base)) throw notFound();
    const path = `/${pathname.slice(base.length)}`;
    const matches = matchRoutes(ROUTES, path);
    if (matches.length === 0) return this.#serveFile(request, path, base);
    const methods = methodsOf(matches);
    if (request.method === 'OPTIONS') return optionsResponse(methods);
    const isHead = request.method === 'HEAD';
    const method = isHead ? 'GET' : request.method;
    const match = matches.find(({ route }) => route.method === method);
    if (match === undefined) throw wrongMethod(request.method, methods);
    const response = await this.#call(match, request, search, signal);
    return isHead ? withoutBody(response) : response;
  }

  async #call(
    { route, id }: Match,
    request: Request,
    search: string,
    signal: AbortSignal,
  ): Promise<Response> {
    await this.#checkScopes(route, request);
    if (this.#closing !== undefined && route.scopes.length > 0) throw stopping();
    const values = readParameters(search, route.parameters);
    return route.handle({ vigilant: this.#vigilant, request, values, id, signal, services: this.#services });
  }

  #serveFile(request: Request, path: string, base: string): Response {
    const files = this.#options.console;
    if (files === undefined || API.test(path)) throw notFound();
    const methods = ['GET', 'HEAD', 'OPTIONS'];
    if (request.method === 'OPTIONS') return optionsResponse(methods);
    if (!methods.includes(request.method)) throw wrongMethod(request.method, methods);
    const response = serveConsole(files, path.slice(1), base, request);
    return request.method === 'HEAD' ? withoutBody(response) : response;
  }

  /** Returns whether a request is for a page of the console. */
  #isPage(request: Request, info: RequestInfo): boolean {
    if (this.#options.console === undefined || request.method !== 'GET') return false;
    const base = (info.mountPath ?? '') + this.#options.basePath;
    const path = `/${new URL(request.url).pathname.slice(base.length)}`;
    return !API.test(path) && matchRoutes(ROUTES, path).length === 0;
  }

  async #checkScopes({ scopes }: Route, request: Request): Promise<void> {
    for (const scope of scopes)
      if (!(await this.#mayUse(request, scope)))
        throw new VigilantError('VIGILANT_FORBIDDEN', `The caller may not use the scope "${scope}".`);
  }

  async #mayUse(request: Request, scope: Scope): Promise<boolean> {
    const { authorize } = this.#options;
    return authorize === 'none' || (await authorize(request, scope)) === true;
  }
}

function methodsOf(matches: readonly Match[]): readonly string[] {
  const methods = matches.map(({ route }) => route.method);
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
}

function withoutBody(response: Response): Response {
  void response.body?.cancel();
  const { status, headers } = response;
  return new Response(null, { status, headers });
}

function redirect(location: string): Response {
  return new Response(null, { status: 308, headers: { location } });
}

function notFound(): HttpError {
  return new HttpError(404, 'VIGILANT_NOT_FOUND', 'There is no such endpoint. See /openapi.json.');
}

function wrongMethod(method: string, allowed: readonly string[]): HttpError {
  const allow = allowed.join(', ');
  const message = `This endpoint does not support ${method}; it supports ${allow}.`;
  return new HttpError(405, 'VIGILANT_NOT_SUPPORTED', message, { headers: { allow } });
}

function stopping(): VigilantError {
  return new VigilantError('VIGILANT_CLOSED', 'The server is stopping. Connect to another one.', {
    retryable: true,
  });
}
