import { isLoopback, nearName } from '@vigilant/core/adapter';
import { resolve } from 'node:path';
import type { Flags } from './flags';

/** Where a protocol is served. */
export interface Listener {
  readonly host: string;
  /** 0 selects a free port. */
  readonly port: number;
}

/** Settings of the server, as its flags and environment variables define them. */
export interface Settings extends Flags {
  readonly folder: string;
  readonly grpc: Listener;
  readonly http: Listener;
  readonly intervalMs: number;
  readonly broker: 'sqlite' | 'memory' | 'kafka';
  readonly store: 'sqlite' | 'memory' | 'mysql';
  /** Used when the store is MySQL or MariaDB: `mysql://user:password@host:port/database`. */
  readonly mysqlUrl: string;
  /** Used when the broker is Kafka. */
  readonly kafka: {
    readonly brokers: readonly string[];
    readonly topic: string;
    readonly groupId: string;
    readonly instanceId?: string;
  };
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** All variables that the server reads. */
export const VARIABLES = [
  'VIGILANT_DATA',
  'VIGILANT_GRPC_HOST',
  'VIGILANT_GRPC_PORT',
  'VIGILANT_HTTP_HOST',
  'VIGILANT_HTTP_PORT',
  'VIGILANT_INTERVAL_MS',
  'VIGILANT_BROKER',
  'VIGILANT_STORE',
  'VIGILANT_MYSQL_URL',
  'VIGILANT_KAFKA_BROKERS',
  'VIGILANT_KAFKA_TOPIC',
  'VIGILANT_KAFKA_GROUP',
  'VIGILANT_KAFKA_INSTANCE',
] as const;

type Variable = (typeof VARIABLES)[number];

/** Reads the settings. @throws {Error} that names the variable whose name or value is wrong */
export function readSettings(environment: Environment, flags: Flags = { isDemo: false }): Settings {
  checkNames(environment);
  const text = (name: Variable, fallback: string): string => environment[name] || fallback;
  const topic = text('VIGILANT_KAFKA_TOPIC', 'vigilant');
  const instanceId = environment['VIGILANT_KAFKA_INSTANCE'];
  return {
    ...flags,
    folder: resolve(text('VIGILANT_DATA', flags.isDemo ? './data/demo' : './data')),
    grpc: {
      host: readHost('VIGILANT_GRPC_HOST', text('VIGILANT_GRPC_HOST', '127.0.0.1')),
      port: readInteger('VIGILANT_GRPC_PORT', text('VIGILANT_GRPC_PORT', '50051'), 0, 65_535),
    },
    http: {
      host: readHost('VIGILANT_HTTP_HOST', text('VIGILANT_HTTP_HOST', '127.0.0.1')),
      port: readInteger('VIGILANT_HTTP_PORT', text('VIGILANT_HTTP_PORT', '50052'), 0, 65_535),
    },
    intervalMs: readInteger('VIGILANT_INTERVAL_MS', text('VIGILANT_INTERVAL_MS', '30000'), 1, 86_400_000),
    broker: readName('VIGILANT_BROKER', text('VIGILANT_BROKER', 'sqlite'), ['sqlite', 'memory', 'kafka']),
    store: readName('VIGILANT_STORE', text('VIGILANT_STORE', 'sqlite'), ['sqlite', 'memory', 'mysql']),
    mysqlUrl: text('VIGILANT_MYSQL_URL', 'mysql://root@127.0.0.1:3306/vigilant'),
    kafka: {
      brokers: readList('VIGILANT_KAFKA_BROKERS', text('VIGILANT_KAFKA_BROKERS', '127.0.0.1:9092')),
      topic,
      groupId: text('VIGILANT_KAFKA_GROUP', topic),
      ...(instanceId ? { instanceId } : {}),
    },
  };
}

/** Returns the variables with the prefix of the server that it does not read. They may belong to other programs. */
export function unknownVariables(environment: Environment): readonly string[] {
  const known: readonly string[] = VARIABLES;
  return Object.keys(environment).filter((name) => name.startsWith('VIGILANT_') && !known.includes(name));
}

/** Returns the variables that are set although their adapter is not selected. */
export function unusedVariables(environment: Environment, { broker, store }: Settings): readonly string[] {
  const isUnused = (name: Variable): boolean =>
    (name.startsWith('VIGILANT_KAFKA_') && broker !== 'kafka') ||
    (name.startsWith('VIGILANT_MYSQL_') && store !== 'mysql');
  return VARIABLES.filter((name) => environment[name] && isUnused(name));
}

/** Checks that no variable differs from a known one by one or two letters. */
function checkNames(environment: Environment): void {
  for (const name of unknownVariables(environment)) {
    const near = nearName(name, VARIABLES);
    if (near !== undefined)
      throw new Error(`${name} is not a variable of this server. Did you mean ${near}?`);
  }
}

function readHost(name: Variable, text: string): string {
  if (isLoopback(text)) return text;
  throw new Error(
    `${name} must be localhost or another loopback address, not "${text}": there is no authentication. For other machines, put a proxy in front of the server.`,
  );
}

function readInteger(name: Variable, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new Error(`${name} must be an integer from ${min} to ${max}, not "${text}".`);
}

function readName<T extends string>(name: Variable, text: string, known: readonly T[]): T {
  const found = known.find((each) => each === text);
  if (found !== undefined) return found;
  throw new Error(`${name} must be one of ${known.join(', ')}, not "${text}".`);
}

function readList(name: Variable, text: string): readonly string[] {
  const items = text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  if (items.length > 0) return items;
  throw new Error(`${name} must be a comma-separated list of host:port, not "${text}".`);
}
