import type { ChannelCredentials } from '@grpc/grpc-js';
import { credentials } from '@grpc/grpc-js';
import type { Clock, DiagnosticSink, EventDefaults } from '@vigilant/core';
import { systemClock } from '@vigilant/core';
import { checkInteger, checkKeys, invalidOption } from '../options';

const MIB = 1024 * 1024;

/** Options of `createGrpcClient`. */
export interface GrpcClientOptions {
  /** Such as `127.0.0.1:50051`, or `unix:/path`. */
  readonly address: string;
  /** Of grpc-js, such as `credentials.createSsl()`. @defaultValue without encryption */
  readonly credentials?: ChannelCredentials;
  /** Values for fields that events leave out. */
  readonly defaults?: EventDefaults;
  /** How long one call may take, in milliseconds. @defaultValue 10000 */
  readonly deadlineMs?: number;
  /** How long `close` waits for what is not answered yet, in milliseconds. @defaultValue 10000 */
  readonly graceMs?: number;
  /** Most bytes of events that wait for their answer; more are refused. @defaultValue 16 MiB */
  readonly maxBufferedBytes?: number;
  /** @defaultValue nothing is reported */
  readonly onDiagnostic?: DiagnosticSink;
  /** For tests. @defaultValue the system's */
  readonly clock?: Clock;
}

/** Checks the options of a client and fills in the defaults. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveClientOptions(options: GrpcClientOptions): Required<GrpcClientOptions> {
  checkKeys('createGrpcClient', options, [
    ...['address', 'credentials', 'defaults', 'deadlineMs', 'graceMs', 'maxBufferedBytes'],
    ...['onDiagnostic', 'clock'],
  ]);
  if (typeof options.address !== 'string' || options.address === '')
    throw invalidOption('address', 'must name a server, such as 127.0.0.1:50051');
  return Object.freeze({
    address: options.address,
    credentials: options.credentials ?? credentials.createInsecure(),
    defaults: options.defaults ?? {},
    deadlineMs: checkInteger('deadlineMs', options.deadlineMs ?? 10_000, 1, 600_000),
    graceMs: checkInteger('graceMs', options.graceMs ?? 10_000, 0, 600_000),
    maxBufferedBytes: checkInteger(
      'maxBufferedBytes',
      options.maxBufferedBytes ?? 16 * MIB,
      MIB,
      4_096 * MIB,
    ),
    onDiagnostic: options.onDiagnostic ?? (() => {}),
    clock: options.clock ?? systemClock,
  });
}
