import { ChannelCredentials, credentials } from '@grpc/grpc-js';
import type { Clock, DiagnosticSink, EventDefaults, Level } from '@vigilant/core';
import { systemClock } from '@vigilant/core';
import {
  checkFunctionOption,
  checkIntegerOption,
  checkLevel,
  checkMethodsOption,
  checkObjectOption,
  checkOptionKeys,
  invalidOption,
} from '@vigilant/core/adapter';
import { isAddress } from '../transport/address';

const MIB = 1024 * 1024;

/** Options of `createGrpcClient`. */
export interface GrpcClientOptions {
  /** Address of the server, such as `127.0.0.1:50051` or `unix:/path`. */
  readonly address: string;
  /** Credentials of grpc-js, such as `credentials.createSsl()`. @defaultValue no encryption */
  readonly credentials?: ChannelCredentials | undefined;
  /** Values of fields that an event does not have. */
  readonly defaults?: EventDefaults | undefined;
  /** Lowest level that `trace`, `debug`, `info`, `warn`, `error` and `fatal` send. @defaultValue `'DEBUG'` */
  readonly level?: string | undefined;
  /** Maximum duration of one call, in milliseconds. @defaultValue 10000 */
  readonly deadlineMs?: number | undefined;
  /** How long `close` waits for the server's responses, in milliseconds. @defaultValue 10000 */
  readonly graceMs?: number | undefined;
  /** Maximum bytes of held events. Further events are rejected. @defaultValue 16 MiB */
  readonly maxBufferedBytes?: number | undefined;
  /** Receives diagnostics. @defaultValue the first warning or error of each kind becomes a warning of the process */
  readonly onDiagnostic?: DiagnosticSink | undefined;
  /** Replaces the system clock in tests. */
  readonly clock?: Clock | undefined;
}

/** Options of `createGrpcClient` with all defaults applied. */
export interface ResolvedClientOptions {
  readonly address: string;
  readonly credentials: ChannelCredentials;
  readonly defaults: EventDefaults;
  readonly level: Level;
  readonly deadlineMs: number;
  readonly graceMs: number;
  readonly maxBufferedBytes: number;
  readonly onDiagnostic: DiagnosticSink | undefined;
  readonly clock: Clock;
}

/** Names of the options of `createGrpcClient`. */
export const CLIENT_OPTIONS = [
  'address',
  'credentials',
  'defaults',
  'level',
  'deadlineMs',
  'graceMs',
  'maxBufferedBytes',
  'onDiagnostic',
  'clock',
];

/** Checks the options of a client and fills in the defaults. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveClientOptions(options: GrpcClientOptions): ResolvedClientOptions {
  checkOptionKeys('createGrpcClient()', options, CLIENT_OPTIONS);
  const { deadlineMs = 10_000, graceMs = 10_000, maxBufferedBytes = 16 * MIB } = options;
  const { defaults = {}, level = 'DEBUG', onDiagnostic, clock = systemClock } = options;
  checkObjectOption(pathOf('defaults'), defaults);
  if (onDiagnostic !== undefined) checkFunctionOption(pathOf('onDiagnostic'), onDiagnostic);
  checkMethodsOption(pathOf('clock'), clock, 'a Clock', ['now', 'monotonic', 'after']);
  return Object.freeze({
    address: checkAddress(options.address),
    credentials: checkCredentials(options.credentials ?? credentials.createInsecure()),
    defaults,
    level: checkLevel(pathOf('level'), level),
    deadlineMs: checkIntegerOption(pathOf('deadlineMs'), deadlineMs, 1, 600_000),
    graceMs: checkIntegerOption(pathOf('graceMs'), graceMs, 0, 600_000),
    maxBufferedBytes: checkIntegerOption(pathOf('maxBufferedBytes'), maxBufferedBytes, MIB, 4_096 * MIB),
    onDiagnostic,
    clock,
  });
}

function pathOf(name: keyof GrpcClientOptions): string {
  return `createGrpcClient.${name}`;
}

function checkAddress(address: string): string {
  if (typeof address === 'string' && isAddress(address)) return address;
  throw invalidOption(
    pathOf('address'),
    'the address of a server, such as 127.0.0.1:50051, [::1]:50051 or unix:/path',
    address,
  );
}

function checkCredentials(value: ChannelCredentials): ChannelCredentials {
  if (value instanceof ChannelCredentials) return value;
  throw invalidOption(
    pathOf('credentials'),
    'ChannelCredentials created by the copy of @grpc/grpc-js that the client uses',
    value,
  );
}
