/** Returns whether a host can be reached only from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Returns the host of an address in the forms that gRPC accepts, such as `dns:///localhost:50051` or `[::1]:50051`. */
export function hostOf(address: string): string {
  const target = address.replace(/^(dns:(\/\/[^/]*\/)?|ipv[46]:)/, '');
  return target.startsWith('[') ? target.slice(1, target.indexOf(']')) : target.replace(/:\d+$/, '');
}
