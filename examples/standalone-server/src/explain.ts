import type { VigilantError } from '@vigilant/core';
import { LEVELS, isVigilantError } from '@vigilant/core';
import { reasonOf } from '@vigilant/core/adapter';
import type { Settings } from './settings';

/** The variables that set options, by option. */
const VARIABLE_OF_OPTION: Readonly<Record<string, string>> = {
  'serveGrpc.host': 'VIGILANT_GRPC_HOST',
  'serveGrpc.port': 'VIGILANT_GRPC_PORT',
  'serveHttp.host': 'VIGILANT_HTTP_HOST',
  'serveHttp.port': 'VIGILANT_HTTP_PORT',
  brokers: 'VIGILANT_KAFKA_BROKERS',
  topic: 'VIGILANT_KAFKA_TOPIC',
  controlTopic: 'VIGILANT_KAFKA_CONTROL_TOPIC',
  groupId: 'VIGILANT_KAFKA_GROUP',
  instanceId: 'VIGILANT_KAFKA_INSTANCE',
  'sasl.username': 'VIGILANT_KAFKA_SASL_USERNAME',
  url: 'VIGILANT_MYSQL_URL',
  database: 'VIGILANT_MYSQL_URL',
  password: 'VIGILANT_MYSQL_PASSWORD_FILE',
  maxAge: 'VIGILANT_RETENTION_MAX_AGE',
  ...Object.fromEntries(LEVELS.map((level) => [`byLevel.${level}`, `VIGILANT_RETENTION_MAX_AGE_${level}`])),
};

/** Matches the option at the start of a path, such as `topic` or `createKafkaBroker.topic`. */
const OPTION = new RegExp(`^(?:\\w+\\.)??(${Object.keys(VARIABLE_OF_OPTION).join('|')})\\b`);

/** Describes why the server does not start, and names the variable to change. */
export function explain(error: unknown, settings: Settings): string {
  const text = reasonOf(error);
  const variable = isVigilantError(error) ? variableOf(error, text, settings) : undefined;
  return variable === undefined ? text : `${variable}: ${text}`;
}

function variableOf(
  { code, violations }: VigilantError,
  text: string,
  { folder, http }: Settings,
): string | undefined {
  if (code === 'VIGILANT_ADDRESS_IN_USE')
    return text.includes(`Port ${http.port} `) ? 'VIGILANT_HTTP_PORT' : 'VIGILANT_GRPC_PORT';
  const [, option] = OPTION.exec(violations[0]?.field ?? '') ?? [];
  if (option !== undefined) return VARIABLE_OF_OPTION[option];
  if (/SASL .*authentication failed/.test(text)) return 'VIGILANT_KAFKA_SASL_PASSWORD';
  return text.includes(folder) ? 'VIGILANT_DATA' : undefined;
}
