import { isLoopback } from '@vigilant/core/adapter';
import { forbidden } from '../wire/http-error';
import type { ResolvedHttpHandlerOptions } from './handler-options';

/** Decides which hosts, origins and proxies may send a request. */
export interface GuardRules {
  readonly allowedOrigins: readonly string[];
  /** Hosts in lower case, with or without a port; `undefined` allows every host. */
  readonly allowedHosts: readonly string[] | undefined;
  /** Whether IP addresses are allowed too. DNS rebinding needs a host name. */
  readonly allowsAddresses: boolean;
  /** Whether requests that a proxy forwarded are rejected. */
  readonly rejectsForwarded: boolean;
}

/** Headers that proxies add. */
const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/** Returns the rules of a handler that is mounted in an application. */
export function rulesOf({ authorize, allowedHosts, allowedOrigins }: ResolvedHttpHandlerOptions): GuardRules {
  const isOpen = authorize === 'none';
  return {
    allowedOrigins,
    allowedHosts: allowedHosts ?? (isOpen ? [] : undefined),
    allowsAddresses: isOpen && allowedHosts === undefined,
    rejectsForwarded: false,
  };
}

/**
 * Checks the source of a request, so that a web page of another site cannot use the server through the browser of a visitor.
 *
 * @param isPage - Whether the request is for a page of the console, to which other sites may link.
 * @returns the origin if it is another origin that is allowed
 * @throws {VigilantError} `VIGILANT_FORBIDDEN`
 */
export function checkSource(request: Request, rules: GuardRules, isPage: boolean): string | undefined {
  const { headers } = request;
  const host = (headers.get('host') ?? new URL(request.url).host).toLowerCase();
  if (!isAllowedHost(host, rules))
    throw forbidden(
      'Host',
      `"${host}" is not a name of this server; its operator can add the name with the option allowedHosts`,
    );
  const forwarding = rules.rejectsForwarded ? FORWARDING.find((name) => headers.has(name)) : undefined;
  if (forwarding !== undefined)
    throw forbidden(
      forwarding,
      'a proxy forwarded the request, and the server has no authentication; its operator can set the option authorize, or allowUnauthenticated if the proxy authenticates',
    );
  const origin = headers.get('origin');
  if (origin !== null && rules.allowedOrigins.includes(origin)) return origin;
  if (origin !== null && !isSameHost(origin, host))
    throw forbidden(
      'Origin',
      `"${origin}" is not an allowed origin; the operator of the server can add it with the option allowedOrigins`,
    );
  const site = headers.get('sec-fetch-site') ?? 'none';
  if (site === 'same-origin' || site === 'none' || (isPage && isNavigation(headers))) return undefined;
  throw forbidden(
    'Sec-Fetch-Site',
    'a page of another site sent the request; the operator of the server can add its origin with the option allowedOrigins',
  );
}

function isAllowedHost(host: string, { allowedHosts, allowsAddresses }: GuardRules): boolean {
  if (allowedHosts === undefined) return true;
  const name = host.replace(/:\d+$/, '');
  const address = name.replace(/^\[|\]$/g, '');
  if (isLoopback(address)) return true;
  if (allowsAddresses && /^([\d.]+|\[[\da-f:.]+\])$/.test(name)) return true;
  return allowedHosts.includes(host) || allowedHosts.includes(name);
}

function isSameHost(origin: string, host: string): boolean {
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}

function isNavigation(headers: Headers): boolean {
  return headers.get('sec-fetch-mode') === 'navigate' && headers.get('sec-fetch-dest') === 'document';
}
