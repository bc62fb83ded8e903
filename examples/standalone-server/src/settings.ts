import { resolve } from 'node:path';

/** What the server is told by its environment. */
export interface Settings {
  readonly folder: string;
  readonly host: string;
  readonly port: number;
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

/** Reads the settings; a value that makes no sense is an error that names the variable. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const integer = (name: string, fallback: number, min: number, max: number): number => {
    const text = environment[name] || String(fallback);
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new Error(`${name} must be an integer from ${min} to ${max}, not "${text}".`);
  };
  const adapter = <T extends string>(name: string, known: readonly T[]): T => {
    const text = environment[name] || 'sqlite';
    const found = known.find((each) => each === text);
    if (found !== undefined) return found;
    throw new Error(`${name} must be one of ${known.join(', ')}, not "${text}".`);
  };
  const topic = environment['VIGILANT_KAFKA_TOPIC'] || 'vigilant';
  const instanceId = environment['VIGILANT_KAFKA_INSTANCE'];
  return {
    folder: resolve(environment['VIGILANT_DATA'] || './data'),
    host: environment['VIGILANT_GRPC_HOST'] || '127.0.0.1',
    port: integer('VIGILANT_GRPC_PORT', 50_051, 0, 65_535),
    intervalMs: integer('VIGILANT_INTERVAL_MS', 30_000, 1, 86_400_000),
    broker: adapter('VIGILANT_BROKER', ['sqlite', 'memory', 'kafka']),
    store: adapter('VIGILANT_STORE', ['sqlite', 'memory', 'mysql']),
    mysqlUrl: environment['VIGILANT_MYSQL_URL'] || 'mysql://root@127.0.0.1:3306/vigilant',
    kafka: {
      brokers: (environment['VIGILANT_KAFKA_BROKERS'] || '127.0.0.1:9092')
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== ''),
      topic,
      groupId: environment['VIGILANT_KAFKA_GROUP'] || topic,
      ...(instanceId ? { instanceId } : {}),
    },
  };
}
