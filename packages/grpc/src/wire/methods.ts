/** One request, one response. */
export interface Unary<Request, Response> {
  readonly kind: 'unary';
  readonly request: Request;
  readonly response: Response;
}

/** One request, many responses. */
export interface ServerStream<Request, Response> {
  readonly kind: 'server-stream';
  readonly request: Request;
  readonly response: Response;
}

/** Many requests, many responses. */
export interface BidiStream<Request, Response> {
  readonly kind: 'bidi-stream';
  readonly request: Request;
  readonly response: Response;
}
