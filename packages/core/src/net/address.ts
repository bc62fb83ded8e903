import { isIPv6 } from 'node:net';

/** Returns whether a host can be reached only from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Returns a host without the brackets of an IPv6 address, as URLs and addresses with a port write it: `[::1]`. */
export function withoutBrackets(host: string): string {
  const [, inner] = /^\[(.*)\]$/.exec(host) ?? [];
  return inner !== undefined && isIPv6(inner) ? inner : host;
}
