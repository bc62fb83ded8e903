import type { Vigilant } from '@vigilant/core';
import { ERROR_CODES, isVigilantError } from '@vigilant/core';
import {
  checkEngine,
  checkIntegerOption,
  checkOptionKeys,
  createRequestMemory,
  createWorkSlicer,
  guardDiagnostics,
  reasonOf,
} from '@vigilant/core/adapter';
import type { Scope, Services } from '../routes/route';
import { createOpenStreams } from '../wire/open-streams';
import { problemResponse } from '../wire/problem';
import type { GuardRules } from './guard';
import { checkSource, rulesOf } from './guard';
import type { HttpHandlerOptions, ResolvedHttpHandlerOptions } from './handler-options';
import { resolveHandlerOptions } from './handler-options';
import type { Router } from './router';
import { createRouter, stopping } from './router';
import type { RunningRequests } from './running-requests';
import { createRunningRequests } from './running-requests';
import { secure } from './security-headers';

/** How long `close` waits for running requests by default, in milliseconds. */
export const GRACE_MS = 10_000;

/** Information about a request beyond the `Request`. */
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
  return createGuardedHandler(vigilant, resolved, rulesOf(resolved));
}

/** Creates a handler with rules for the source of requests. */
export function createGuardedHandler(
  vigilant: Vigilant,
  options: ResolvedHttpHandlerOptions,
  rules: GuardRules,
): HttpHandler {
  return new GuardedHandler(vigilant, options, rules);
}

class GuardedHandler implements HttpHandler {
  readonly #options: ResolvedHttpHandlerOptions;
  readonly #rules: GuardRules;
  readonly #services: Services;
  readonly #router: Router;
  readonly #running: RunningRequests;
  #closing: Promise<void> | undefined;

  constructor(vigilant: Vigilant, options: ResolvedHttpHandlerOptions, rules: GuardRules) {
    const { clock, maxBodyBytes, maxRequestsBytes, bodyTimeoutMs, maxTails } = options;
    this.#options = options;
    this.#rules = rules;
    this.#running = createRunningRequests(clock);
    this.#services = {
      clock,
      streams: createOpenStreams(maxTails),
      tailSlicer: createWorkSlicer(),
      isClosing: () => this.#closing !== undefined,
      mayUse: (request, scope) => this.#mayUse(request, scope),
      onFailure: failureReporter(options),
    };
    const memory = createRequestMemory(maxRequestsBytes);
    const bodies = { maxBytes: maxBodyBytes, stallMs: bodyTimeoutMs, memory, clock };
    this.#router = createRouter({ vigilant, services: this.#services, bodies, console: options.console });
  }

  handles(path: string, info: RequestInfo = {}): boolean {
    const basePath = this.#basePath(info);
    return path.startsWith(basePath) || `${path}/` === basePath;
  }

  async fetch(request: Request, info: RequestInfo = {}): Promise<Response> {
    const { signal, end } = this.#running.start(request.signal);
    let isExtended = false;
    let origin: string | undefined;
    const extend = (): (() => void) => {
      isExtended = true;
      return end;
    };
    try {
      const url = new URL(request.url);
      const basePath = this.#basePath(info);
      const isPage = this.#router.isPage(request, `/${url.pathname.slice(basePath.length)}`);
      origin = checkSource(request, this.#rules, isPage);
      return secure(await this.#router.answer({ request, url, basePath, signal, extend }), origin);
    } catch (error) {
      if (!signal.aborted) this.#services.onFailure(error);
      return secure(problemResponse(error), origin);
    } finally {
      if (!isExtended) end();
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
    // `isClosing` must be true before the tails end.
    await Promise.resolve();
    this.#services.streams.endAll(stopping());
    await this.#running.finish(graceMs, stopping());
    // A request may have started a tail in the meantime.
    this.#services.streams.endAll(stopping());
  }

  #basePath({ mountPath = '' }: RequestInfo): string {
    return mountPath + this.#options.basePath;
  }

  async #mayUse(request: Request, scope: Scope): Promise<boolean> {
    const { authorize } = this.#options;
    return authorize === 'none' || (await authorize(request, scope)) === true;
  }
}

/** Returns a function that reports failures of the server to the diagnostics. */
function failureReporter({ onDiagnostic, clock }: ResolvedHttpHandlerOptions): (error: unknown) => void {
  const report = guardDiagnostics(onDiagnostic, () => clock.monotonic());
  return (error) => {
    if (isVigilantError(error) && ERROR_CODES[error.code].http !== 500) return;
    const message = `A request failed: ${reasonOf(error)}`;
    report({ level: 'error', component: 'http-server', code: 'request-failed', message, error });
  };
}
