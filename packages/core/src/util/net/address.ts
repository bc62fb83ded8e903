import { isIPv4, isIPv6 } from 'node:net';

/** Returns whether a host can be reached only from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (host.startsWith('127.') && isIPv4(host));
}

/** Returns a host without the brackets of an IPv6 address, as URLs and addresses with a port write it: `[::1]`. */
export function withoutBrackets(host: string): string {
  const [, inner] = /^\[(.*)\]$/.exec(host) ?? [];
  return inner !== undefined && isIPv6(inner) ? inner : host;
}
