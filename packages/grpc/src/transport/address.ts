/** A scheme that may precede hosts, such as `dns:///`. */
const HOST_SCHEME = /^(dns:(\/\/[^/]*\/)?|ipv[46]:)/;

/** A host, IPv6 in brackets, and a port. */
const HOST = /^(?:\[[\da-f:.]+(?:%\w+)?\]|[^\s:/,[\]]+)(?::(\d{1,5}))?$/i;

const UNIX = /^unix(-abstract)?:[^\s]/;

/** Returns whether gRPC accepts an address, such as `dns:///localhost:50051`, `[::1]:50051` or `unix:/path`. */
export function isAddress(address: string): boolean {
  if (UNIX.test(address)) return true;
  const targets = address.replace(HOST_SCHEME, '');
  // Only the schemes of IP addresses allow several.
  const hosts = address.startsWith('ipv') ? targets.split(',') : [targets];
  return hosts.every((host) => {
    const [match, port = '1'] = HOST.exec(host) ?? [];
    return match !== undefined && Number(port) >= 1 && Number(port) <= 65_535;
  });
}

/** Returns the host of an address, without brackets. */
export function hostOf(address: string): string {
  const target = address.replace(HOST_SCHEME, '');
  return target.startsWith('[') ? target.slice(1, target.indexOf(']')) : target.replace(/:\d+$/, '');
}
