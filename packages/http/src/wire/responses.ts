const UTF8 = new TextEncoder();

/** Creates a JSON response. */
export function jsonResponse(
  value: unknown,
  { status = 200, headers = {} }: { readonly status?: number; readonly headers?: HeaderValues } = {},
): Response {
  return textResponse(JSON.stringify(value), 'application/json', { status, headers });
}

/** Values of headers by their name. */
export type HeaderValues = Readonly<Record<string, string>>;

/** Creates a response with text of a known length. */
export function textResponse(
  text: string,
  contentType: string,
  { status = 200, headers = {} }: { readonly status?: number; readonly headers?: HeaderValues } = {},
): Response {
  const bytes = UTF8.encode(text);
  return new Response(bytes, {
    status,
    headers: { 'content-type': contentType, 'content-length': String(bytes.byteLength), ...headers },
  });
}
