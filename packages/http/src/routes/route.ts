import type { Clock, Vigilant } from '@vigilant/core';
import type { WorkSlicer } from '@vigilant/core/adapter';
import type { OpenStreams } from '../wire/open-streams';
import type { Parameter, ParameterValues } from '../wire/parameters';
import type { Schema } from '../wire/schema';

/** What a request may do: log events, read events, or administer the server. */
export type Scope = 'log' | 'read' | 'admin';

/** An endpoint, with its description for the OpenAPI document. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below the base path; `{id}` stands for one segment. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** Scopes that a request needs. None means that the endpoint is open. */
  readonly scopes: readonly Scope[];
  readonly parameters: readonly Parameter[];
  /** Headers that the endpoint reads. */
  readonly headers?: readonly Parameter[];
  readonly body?: Body;
  /** Descriptions of the successful responses by their status. Any other response is a problem. */
  readonly responses: Readonly<Record<number, Body>>;
  /** @throws {VigilantError} for a request that it rejects */
  handle(call: Call): Promise<Response>;
}

/** The body of a request or response: its schema by content type. */
export interface Body {
  readonly description: string;
  readonly content: Readonly<Record<string, Schema>>;
}

/** A request to a route. */
export interface Call {
  readonly vigilant: Vigilant;
  readonly request: Request;
  /** Values of the query string. */
  readonly values: ParameterValues;
  /** Value of `{id}` in the path; otherwise empty. */
  readonly id: string;
  /** Aborted when the client disconnects, and when the handler stops waiting for the request. */
  readonly signal: AbortSignal;
  /** Reads the body within the limits of the handler. */
  readonly readBody: () => Promise<Uint8Array>;
  /** Keeps the request running after `handle` has returned, until the returned function is called. */
  readonly extend: () => () => void;
  readonly services: Services;
}

/** Services that all calls of a handler share. */
export interface Services {
  readonly clock: Clock;
  readonly streams: OpenStreams;
  /** Divides the work of all tails into slices. */
  readonly tailSlicer: WorkSlicer;
  readonly isClosing: () => boolean;
  /** Reports the failure of a request to the diagnostics, unless the client caused it. */
  readonly onFailure: (error: unknown) => void;
  /** Returns whether the request has a scope. */
  readonly mayUse: (request: Request, scope: Scope) => Promise<boolean>;
}

/** A body of JSON. */
export function json(description: string, schema: Schema): Body {
  return { description, content: { 'application/json': schema } };
}
