import {
  checkChoiceOption,
  checkOptionKeys,
  checkSecretOption,
  checkTextOption,
  invalidSecretOption,
  optionError,
} from '@vigilant/core/adapter';

/** Authentication of a connection: a fixed password, or a function that supplies what may change. */
export type KafkaSasl = KafkaPasswordSasl | KafkaCredentialsSasl | KafkaTokenSasl;

/** Mechanisms with a user name and a password. */
export type KafkaPasswordMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

/** A fixed user name and password. */
export interface KafkaPasswordSasl extends KafkaCredentials {
  readonly mechanism: KafkaPasswordMechanism;
}

/** A user name and password that may change. */
export interface KafkaCredentialsSasl {
  readonly mechanism: KafkaPasswordMechanism;
  /** Returns the current credentials. Called for each connection, and again before its session ends. */
  credentials(): KafkaCredentials | Promise<KafkaCredentials>;
}

/** A token of an identity provider. */
export interface KafkaTokenSasl {
  readonly mechanism: 'oauthbearer';
  /** Returns a valid token. Called for each connection, and again before its session ends, so it should cache the token. */
  token(): KafkaToken | Promise<KafkaToken>;
}

/** Credentials of a mechanism with a password. */
export interface KafkaCredentials {
  readonly username: string;
  readonly password: string;
}

/** A token for the mechanism OAUTHBEARER. */
export interface KafkaToken {
  readonly value: string;
  /** SASL extensions, such as `logicalCluster` of Confluent Cloud. @defaultValue none */
  readonly extensions?: Readonly<Record<string, string>> | undefined;
}

const PASSWORD_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const MECHANISMS = [...PASSWORD_MECHANISMS, 'oauthbearer'] as const;

/** Kafka's limit for a user name. */
const NAME_LIMITS = { max: 249 };

/** Control characters separate the parts of the request. */
const TOKEN = /^[\x21-\x7e]+$/;
const EXTENSION_NAME = /^(?!auth$)[A-Za-z]+$/;
const EXTENSION_VALUE = /^[\x20-\x7e]+$/;

/** Checks the option `sasl`. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkSasl(sasl: KafkaSasl): KafkaSasl {
  checkOptionKeys('sasl', sasl, ['mechanism', 'username', 'password', 'credentials', 'token']);
  checkChoiceOption('sasl.mechanism', sasl.mechanism, MECHANISMS);
  if (sasl.mechanism === 'oauthbearer') {
    checkOptionKeys('sasl with oauthbearer', sasl, ['mechanism', 'token']);
    checkSecretType('sasl.token', sasl.token, 'function');
  } else if ('credentials' in sasl) {
    checkOptionKeys('sasl with credentials', sasl, ['mechanism', 'credentials']);
    checkSecretType('sasl.credentials', sasl.credentials, 'function');
  } else {
    checkOptionKeys(`sasl with ${sasl.mechanism}`, sasl, ['mechanism', 'username', 'password']);
    checkPassword('sasl', sasl);
  }
  return Object.freeze({ ...sasl });
}

/** Checks the credentials that a function has returned. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkCredentials(credentials: KafkaCredentials): KafkaCredentials {
  checkSecretType('sasl.credentials()', credentials, 'object');
  checkPassword('sasl.credentials()', credentials);
  return credentials;
}

/** Checks the token that a function has returned. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function checkToken(token: KafkaToken): KafkaToken {
  checkSecretType('sasl.token()', token, 'object');
  const { value, extensions = {} } = token;
  if (!TOKEN.test(checkSecretOption('sasl.token().value', value)))
    throw invalidSecretOption('sasl.token().value', 'a token without spaces and control characters');
  checkSecretType('sasl.token().extensions', extensions, 'object');
  for (const [name, text] of Object.entries(extensions))
    if (!EXTENSION_NAME.test(name) || !EXTENSION_VALUE.test(checkSecretOption(name, text)))
      throw optionError(
        `sasl.token().extensions must have names of letters, except "auth", and values of printable characters. "${name}" does not.`,
        { field: 'sasl', code: 'invalid_value', reason: 'must return valid SASL extensions' },
      );
  return token;
}

/** Checks the type of a value that may be a secret. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
function checkSecretType(path: string, value: unknown, type: 'function' | 'object'): void {
  if (typeof value !== type || value === null)
    throw invalidSecretOption(path, type === 'function' ? 'a function' : 'an object');
}

function checkPassword(path: string, { username, password }: KafkaCredentials): void {
  checkTextOption(`${path}.username`, username, NAME_LIMITS);
  checkSecretOption(`${path}.password`, password);
}
