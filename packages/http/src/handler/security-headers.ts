/** Default headers of every response. */
const DEFAULTS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Headers that a page of an allowed origin may read. */
const EXPOSED = 'ETag, Retry-After, Allow';

const PREFLIGHT = {
  'access-control-allow-headers': 'Authorization, Content-Type, Content-Encoding, If-Match, Last-Event-ID',
  'access-control-max-age': '600',
} as const;

/**
 * Adds the headers that every response has.
 *
 * @param origin - Another origin that may read the response.
 */
export function secure(response: Response, origin: string | undefined): Response {
  const { headers } = response;
  for (const [name, value] of Object.entries(DEFAULTS)) if (!headers.has(name)) headers.set(name, value);
  headers.append('vary', 'Origin');
  if (origin === undefined) return response;
  headers.set('access-control-allow-origin', origin);
  headers.set('access-control-expose-headers', EXPOSED);
  headers.set('cross-origin-resource-policy', 'cross-origin');
  return response;
}

/** Answers OPTIONS, which browsers send before a request to another origin. */
export function optionsResponse(methods: readonly string[]): Response {
  const allow = methods.join(', ');
  return new Response(null, {
    status: 204,
    headers: { allow, 'access-control-allow-methods': allow, ...PREFLIGHT },
  });
}
