import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { Client, credentials } from '@grpc/grpc-js';
import type { Error as ErrorMessage } from '../../src/generated/vigilant-v1';
import type { Status } from '../../src/generated/google-rpc';
import { codecOf, methodsOf } from '../../src/wire/schema';
import { atEnd } from './serve';

/** A client that shares only the schema with ours, like a client in another language. */
export interface RawClient {
  call<Response>(path: string, request: object, options?: { deadline?: Date }): Promise<Response>;
  /** Sends an encoded request and returns the encoded response. */
  callBytes(path: string, request: Uint8Array): Promise<Uint8Array>;
  stream<Response>(
    path: string,
    request: object,
    options?: { deadline?: Date },
  ): ClientReadableStream<Response>;
  streamBytes(path: string, request: Uint8Array): ClientReadableStream<Uint8Array>;
}

/** Creates a client that is closed when the test ends. */
export function createRawClient(address: string, options: object = {}): RawClient {
  const client = new Client(address, credentials.createInsecure(), options);
  atEnd(async () => client.close());
  const toBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
  const methodAt = (path: string) => {
    const [, service = '', name] = path.split('/');
    return methodsOf(service).find((method) => method.name === name) as ReturnType<typeof methodsOf>[number];
  };
  const unary = <T>(path: string, request: Uint8Array, read: (bytes: Buffer) => T, options: object = {}) =>
    new Promise<T>((resolve, reject) => {
      client.makeUnaryRequest(path, toBuffer, read, request, options, (error, response) =>
        error === null ? resolve(response as T) : reject(error),
      );
    });
  return {
    call: (path, request, options) =>
      unary(
        path,
        methodAt(path).request.encode(request),
        (b) => methodAt(path).response.decode(b) as never,
        options,
      ),
    callBytes: (path, request) => unary(path, request, (bytes) => bytes),
    stream: (path, request, options = {}) =>
      client.makeServerStreamRequest(
        path,
        toBuffer,
        (bytes) => methodAt(path).response.decode(bytes) as never,
        methodAt(path).request.encode(request),
        options,
      ),
    streamBytes: (path, request) =>
      client.makeServerStreamRequest(path, toBuffer, (bytes) => bytes as Uint8Array, request),
  };
}

/** Collects the messages of a stream until it ends. */
export async function collect<T>(stream: ClientReadableStream<T>): Promise<T[]> {
  const messages: T[] = [];
  for await (const message of stream) messages.push(message as T);
  return messages;
}

/** Returns the status of a call that must fail, and its details by the name of their type. */
export async function failureOf(call: Promise<unknown>): Promise<{
  readonly code: number;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly error: ErrorMessage;
}> {
  const failure = await call.then(
    () => Promise.reject(new Error('The call did not fail.')),
    (error: ServiceError) => error,
  );
  const [bytes] = failure.metadata.get('grpc-status-details-bin');
  const status = codecOf<Status>('google.rpc.Status').decode(bytes as Buffer);
  const details = Object.fromEntries(
    (status.details ?? []).map(({ type_url = '', value = new Uint8Array() }) => {
      const name = type_url.slice(type_url.indexOf('/') + 1);
      return [name, JSON.parse(JSON.stringify(codecOf(name).decode(value)))];
    }),
  );
  return {
    code: failure.code,
    message: failure.details,
    details,
    error: details['vigilant.v1.Error'] as ErrorMessage,
  };
}
