import type { RetentionOptions } from '@vigilant/core';
import { LEVELS } from '@vigilant/core';
import { resolve } from 'node:path';
import type { Flags } from './flags';
import type { KafkaSettings } from './kafka-settings';
import { readKafkaSettings } from './kafka-settings';
import type { MysqlSettings } from './mysql-settings';
import { readMysqlSettings } from './mysql-settings';
import type { Environment, Variables } from './variables';
import { checkNames, createVariables } from './variables';

const MIB = 1024 * 1024;

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
  readonly retention: RetentionOptions;
  readonly broker: 'sqlite' | 'memory' | 'kafka';
  readonly store: 'sqlite' | 'memory' | 'mysql';
  /** Used when the store is MySQL or MariaDB. */
  readonly mysql: MysqlSettings;
  /** Used when the broker is Kafka. */
  readonly kafka: KafkaSettings;
}

/** Reads the settings. @throws {Error} that names the variable whose name or value is wrong */
export function readSettings(environment: Environment, flags: Flags = { isDemo: false }): Settings {
  checkNames(environment, VARIABLES);
  return read(createVariables(environment), flags);
}

/** Reads every variable, even those of other adapters, so that all names are known. */
function read(variables: Variables, flags: Flags): Settings {
  return {
    ...flags,
    folder: resolve(variables.text('VIGILANT_DATA', flags.isDemo ? './data/demo' : './data')),
    grpc: {
      host: variables.host('VIGILANT_GRPC_HOST'),
      port: variables.integer('VIGILANT_GRPC_PORT', 50_051, 0, 65_535),
    },
    http: {
      host: variables.host('VIGILANT_HTTP_HOST'),
      port: variables.integer('VIGILANT_HTTP_PORT', 50_052, 0, 65_535),
    },
    intervalMs: variables.integer('VIGILANT_INTERVAL_MS', 30_000, 1, 86_400_000),
    retention: readRetention(variables),
    broker: variables.choice('VIGILANT_BROKER', ['sqlite', 'memory', 'kafka']),
    store: variables.choice('VIGILANT_STORE', ['sqlite', 'memory', 'mysql']),
    mysql: readMysqlSettings(variables),
    kafka: readKafkaSettings(variables),
  };
}

/** The engine checks the ages. */
function readRetention(variables: Variables): RetentionOptions {
  const maxAge = variables.text('VIGILANT_RETENTION_MAX_AGE', '30d');
  const ages = LEVELS.flatMap((level) => {
    const age = variables.optional(`VIGILANT_RETENTION_MAX_AGE_${level}`);
    return age === undefined ? [] : [[level, age] as const];
  });
  const maxBytes = variables.optionalInteger('VIGILANT_RETENTION_MAX_BYTES', MIB, Number.MAX_SAFE_INTEGER);
  return {
    maxAge,
    byLevel: Object.fromEntries(ages),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  };
}

/** All variables that the server reads. */
export const VARIABLES: readonly string[] = namesOf((variables) => read(variables, { isDemo: false }));

function namesOf(readAll: (variables: Variables) => unknown): readonly string[] {
  const variables = createVariables({});
  readAll(variables);
  return variables.names;
}

/** Returns the variables that are set although their adapter is not selected. */
export function unusedVariables(environment: Environment, { broker, store }: Settings): readonly string[] {
  const isUnused = (name: string): boolean =>
    (name.startsWith('VIGILANT_KAFKA_') && broker !== 'kafka') ||
    (name.startsWith('VIGILANT_MYSQL_') && store !== 'mysql');
  return VARIABLES.filter((name) => environment[name] && isUnused(name));
}
