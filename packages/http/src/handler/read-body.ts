import { invalidRequest } from '../wire/http-error';

/** Reads a body of at most `maxBytes`. */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += part.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    parts.push(part);
  }
  return concat(parts, bytes);
}

function tooLarge(limit: number): Error {
  const reason = `has more than ${limit} bytes after decompression; send several smaller requests`;
  return invalidRequest('body', 'too_large', reason, { limit, status: 413 });
}

function concat(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}
