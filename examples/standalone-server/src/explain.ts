import { LEVELS, isVigilantError } from '@vigilant/core';
import { reasonOf } from '@vigilant/core/adapter';
import type { Settings } from './settings';

/** The variables that set options, by option. */
const VARIABLE_OF_OPTION: Readonly<Record<string, string>> = {
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

/** Matches the option at the start of an error, such as `topic` or `createKafkaBroker.topic`. */
const OPTION = new RegExp(`^(?:\\w+\\.)??(${Object.keys(VARIABLE_OF_OPTION).join('|')})\\b`);

/** Describes why the server does not start, and names the variable to change. */
export function explain(error: unknown, settings: Settings): string {
  const text = reasonOf(error);
  const variable = isVigilantError(error) ? variableOf(error.code, text, settings) : undefined;
  return variable === undefined ? text : `${variable}: ${text}`;
}

function variableOf(code: string, text: string, { folder, grpc, http }: Settings): string | undefined {
  if (code === 'VIGILANT_ADDRESS_IN_USE')
    return text.includes(`Port ${http.port} `) ? 'VIGILANT_HTTP_PORT' : 'VIGILANT_GRPC_PORT';
  const [, option] = OPTION.exec(text) ?? [];
  if (code === 'VIGILANT_OPTIONS_INVALID' && option !== undefined) return VARIABLE_OF_OPTION[option];
  if (/SASL .*authentication failed/.test(text)) return 'VIGILANT_KAFKA_SASL_PASSWORD';
  if (text.includes(folder)) return 'VIGILANT_DATA';
  if (text.startsWith('serveHttp')) return 'VIGILANT_HTTP_HOST';
  return text.includes(grpc.host) ? 'VIGILANT_GRPC_HOST' : undefined;
}
