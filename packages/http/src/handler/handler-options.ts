import type { Clock, DiagnosticSink } from '@vigilant/core';
import { VigilantError, systemClock } from '@vigilant/core';
import {
  checkFunctionOption,
  checkIntegerOption,
  checkMethodsOption,
  checkOptionKeys,
  invalidOption,
} from '@vigilant/core/adapter';
import type { Scope } from '../routes/route';
import type { ConsoleFiles } from './console-files';

const MIB = 1024 * 1024;

/** Decides whether a request has a scope. */
export type Authorize = (request: Request, scope: Scope) => boolean | Promise<boolean>;

/** Options of `createHttpHandler`. */
export interface HttpHandlerOptions {
  /**
   * Decides whether a request may log (`log`), read (`read`) or administer (`admin`). `'none'` allows everything.
   *
   * Not called for preflight requests and the files of the console. The reasons in `/livez` and `/readyz` need `read`.
   */
  readonly authorize: Authorize | 'none';
  /** Path at which clients reach the handler, such as `/ops/events`. @defaultValue `'/'` */
  readonly basePath?: string | undefined;
  /** Files and pages of the console. @defaultValue none */
  readonly console?: ConsoleFiles | undefined;
  /**
   * Names by which the server is reached, such as `events.example.com`, with or without a port. Requests with another `Host`
   * are rejected.
   *
   * @defaultValue with `authorize: 'none'`, loopback names and IP addresses; otherwise every name
   */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Origins of other web pages that may call the API, such as `https://app.example.com`. @defaultValue none */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Maximum size of a request body, after decompression, in bytes. @defaultValue 16 MiB */
  readonly maxBodyBytes?: number | undefined;
  /** Maximum total size of all request bodies in memory, received and decompressed, in bytes. @defaultValue 64 MiB */
  readonly maxRequestsBytes?: number | undefined;
  /** Maximum pause within a request body, in milliseconds. @defaultValue 30000 */
  readonly bodyTimeoutMs?: number | undefined;
  /** Maximum number of open tails. @defaultValue 250 */
  readonly maxTails?: number | undefined;
  /** Receives diagnostics. @defaultValue the first warning or error of each kind becomes a warning of the process */
  readonly onDiagnostic?: DiagnosticSink | undefined;
  /** Replaces the clock in tests. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
}

/** Options of a handler with all defaults applied. */
export interface ResolvedHttpHandlerOptions {
  readonly authorize: Authorize | 'none';
  /** Begins and ends with `/`. */
  readonly basePath: string;
  readonly console: ConsoleFiles | undefined;
  /** In lower case. `undefined` without the option. */
  readonly allowedHosts: readonly string[] | undefined;
  readonly allowedOrigins: readonly string[];
  readonly maxBodyBytes: number;
  readonly maxRequestsBytes: number;
  readonly bodyTimeoutMs: number;
  readonly maxTails: number;
  readonly onDiagnostic: DiagnosticSink | undefined;
  readonly clock: Clock;
}

/** Names of the options of `createHttpHandler`. */
export const HANDLER_OPTIONS = [
  'authorize',
  'basePath',
  'console',
  'allowedHosts',
  'allowedOrigins',
  'maxBodyBytes',
  'maxRequestsBytes',
  'bodyTimeoutMs',
  'maxTails',
  'onDiagnostic',
  'clock',
];

/**
 * Checks the options of a handler and fills in the defaults.
 *
 * @param owner - Name of the function that accepts the options, for error messages.
 * @throws {VigilantError} `VIGILANT_OPTIONS_INVALID`
 */
export function resolveHandlerOptions(
  options: HttpHandlerOptions,
  owner = 'createHttpHandler',
  known: readonly string[] = HANDLER_OPTIONS,
): ResolvedHttpHandlerOptions {
  checkOptionKeys(`${owner}()`, options, known);
  const {
    authorize,
    basePath = '/',
    console: files,
    allowedHosts,
    allowedOrigins = [],
    maxBodyBytes = 16 * MIB,
    maxRequestsBytes = 64 * MIB,
    bodyTimeoutMs = 30_000,
    maxTails = 250,
    onDiagnostic,
    clock = systemClock,
  } = options;
  checkAuthorize(owner, authorize);
  if (files !== undefined) checkMethodsOption(`${owner}.console`, files, 'ConsoleFiles', ['get', 'isPage']);
  if (onDiagnostic !== undefined) checkFunctionOption(`${owner}.onDiagnostic`, onDiagnostic);
  checkMethodsOption(`${owner}.clock`, clock, 'a Clock', ['now', 'monotonic', 'after']);
  return Object.freeze({
    authorize,
    basePath: resolveBasePath(`${owner}.basePath`, basePath),
    console: files,
    allowedHosts:
      allowedHosts === undefined ? undefined : resolveHosts(`${owner}.allowedHosts`, allowedHosts),
    allowedOrigins: resolveOrigins(`${owner}.allowedOrigins`, allowedOrigins),
    maxBodyBytes: checkIntegerOption(`${owner}.maxBodyBytes`, maxBodyBytes, 1, 1_024 * MIB),
    maxRequestsBytes: checkIntegerOption(`${owner}.maxRequestsBytes`, maxRequestsBytes, 1, 16_384 * MIB),
    bodyTimeoutMs: checkIntegerOption(`${owner}.bodyTimeoutMs`, bodyTimeoutMs, 1, 3_600_000),
    maxTails: checkIntegerOption(`${owner}.maxTails`, maxTails, 0, 1_000_000),
    onDiagnostic,
    clock,
  });
}

function checkAuthorize(owner: string, authorize: unknown): void {
  if (authorize === 'none' || typeof authorize === 'function') return;
  if (authorize !== undefined) throw invalidOption(`${owner}.authorize`, `a function or 'none'`, authorize);
  const reason = `is required: a function that decides who may log and read, or 'none' to allow everyone`;
  throw new VigilantError('VIGILANT_OPTIONS_INVALID', `${owner}.authorize ${reason}.`, {
    violations: [{ field: `${owner}.authorize`, code: 'required', reason }],
  });
}

function resolveBasePath(name: string, path: unknown): string {
  if (typeof path !== 'string' || !/^\/(?!\/)[\w.~/%!$&'()*+,;=:@-]*$/.test(path) || path.includes('//'))
    throw invalidOption(name, 'a path that begins with /, such as /ops/events', path);
  return path.endsWith('/') ? path : `${path}/`;
}

function resolveHosts(name: string, hosts: unknown): readonly string[] {
  return checkTexts(name, hosts).map((host) => {
    if (!/^(\[[\da-f:.]+\]|[\w.-]+)(:\d+)?$/i.test(host))
      throw invalidOption(name, 'an array of names such as events.example.com', host);
    return host.toLowerCase();
  });
}

function resolveOrigins(name: string, origins: unknown): readonly string[] {
  return checkTexts(name, origins).map((origin) => {
    if (!/^https?:\/\/[^/]+$/.test(origin) || new URL(origin).origin !== origin)
      throw invalidOption(name, 'an array of origins such as https://app.example.com', origin);
    return origin;
  });
}

function checkTexts(name: string, values: unknown): readonly string[] {
  if (Array.isArray(values) && values.every((value) => typeof value === 'string')) return values as string[];
  throw invalidOption(name, 'an array of strings', values);
}
