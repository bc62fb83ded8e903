// Generated from proto/ by `npm run generate`; do not edit.

/** A method with one request and one response. */
export interface Unary<Request, Response> {
  readonly kind: 'unary';
  readonly request: Request;
  readonly response: Response;
}

/** A method with one request and any number of responses. */
export interface ServerStream<Request, Response> {
  readonly kind: 'server-stream';
  readonly request: Request;
  readonly response: Response;
}

/** A method with any number of requests and responses. */
export interface BidiStream<Request, Response> {
  readonly kind: 'bidi-stream';
  readonly request: Request;
  readonly response: Response;
}

/** A decoded 64-bit integer. To encode one, pass a number. */
export interface Int64 {
  toNumber(): number;
  toString(): string;
}
