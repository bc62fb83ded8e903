import type {
  ServiceDefinition,
  UntypedServiceImplementation,
  handleBidiStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
} from '@grpc/grpc-js';
import type { Readable } from 'node:stream';
import type { BidiStream, ServerStream, Unary } from '../generated/types';
import type { Codec, Method } from '../wire/schema';
import { methodsOf } from '../wire/schema';
import type { Call, CallContext } from './call';
import { runStream, runUnary, decodeRequest } from './call';

/** The handler of a method. */
export type Handler<M> =
  M extends Unary<infer Request, infer Response>
    ? (request: Request, call: Call) => Promise<Response>
    : M extends ServerStream<infer Request, infer Response>
      ? (request: Request, call: Call) => AsyncIterable<Response>
      : M extends BidiStream<infer Request, infer Response>
        ? (requests: AsyncIterable<Request>, call: Call) => AsyncIterable<Response>
        : never;

/** The handlers of a service by the name of their method. */
export type Handlers<Service> = { readonly [Name in keyof Service]: Handler<Service[Name]> };

/** Codecs that replace those of the schema, by the name of their method. */
export type CodecOverrides = Readonly<
  Record<string, { readonly request?: AnyDecoder; readonly response?: AnyCodec }>
>;

/** A service in the form that the `Server` of grpc-js accepts. */
export interface ImplementedService {
  readonly name: string;
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the type of a codec is invariant
type AnyCodec = Codec<any>;
type AnyDecoder = Pick<AnyCodec, 'decode'>;
type AnyUnary = (request: unknown, call: Call) => Promise<unknown>;
type AnyStream = (request: unknown, call: Call) => AsyncIterable<unknown>;

const identity = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Binds handlers to the methods of a service. Requests are decoded within the call, so that errors have our status. */
export function implementService<Service>(
  name: string,
  handlers: Handlers<Service>,
  context: CallContext,
  overrides: CodecOverrides = {},
): ImplementedService {
  const definition: Record<string, ServiceDefinition[string]> = {};
  const implementation: UntypedServiceImplementation = {};
  for (const method of methodsOf(name)) {
    definition[method.name] = {
      path: method.path,
      requestStream: method.isRequestStream,
      responseStream: method.isResponseStream,
      requestSerialize: identity,
      requestDeserialize: identity,
      responseSerialize: identity,
      responseDeserialize: identity,
    };
    const codecs = { request: method.request, response: method.response, ...overrides[method.name] };
    const handler = handlers[method.name as keyof Service] as AnyUnary | AnyStream;
    implementation[method.name] = bind(method, codecs, handler, context);
  }
  return { name, definition, implementation };
}

function bind(
  { isRequestStream, isResponseStream }: Method,
  codecs: { readonly request: AnyDecoder; readonly response: AnyCodec },
  handler: AnyUnary | AnyStream,
  context: CallContext,
): UntypedServiceImplementation[string] {
  const { request, response } = codecs;
  if (!isResponseStream) {
    const unary: handleUnaryCall<Uint8Array, Uint8Array> = (call, callback) =>
      runUnary(call, callback, codecs, handler as AnyUnary, context);
    return unary;
  }
  const stream = handler as AnyStream;
  if (isRequestStream) {
    const bidi: handleBidiStreamingCall<Uint8Array, Uint8Array> = (call) =>
      void runStream(
        call,
        response,
        (running) => stream(decodeAll(request, requestsOf(call)), running),
        context,
      );
    return bidi;
  }
  const serverStream: handleServerStreamingCall<Uint8Array, Uint8Array> = (call) =>
    void runStream(
      call,
      response,
      (running) => stream(decodeRequest(request, call.request), running),
      context,
    );
  return serverStream;
}

/** Iterates over the requests of a call. By default, the end of the loop would destroy the call and its responses. */
function requestsOf(call: Readable): AsyncIterable<Uint8Array> {
  return call.iterator({ destroyOnReturn: false });
}

async function* decodeAll<T>(
  codec: Pick<Codec<T>, 'decode'>,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<T> {
  for await (const bytes of chunks) yield decodeRequest(codec, bytes);
}
