import { isLoopback, withoutBrackets } from '@vigilant/core/adapter';
import type { KafkaSasl } from '@vigilant/kafka';
import { createTokenSource } from './client-credentials';
import type { Variables } from './variables';

const MECHANISM = 'VIGILANT_KAFKA_SASL_MECHANISM';
const USERNAME = 'VIGILANT_KAFKA_SASL_USERNAME';
const PASSWORD = 'VIGILANT_KAFKA_SASL_PASSWORD';
const PASSWORD_FILE = 'VIGILANT_KAFKA_SASL_PASSWORD_FILE';
const TOKEN_URL = 'VIGILANT_KAFKA_OAUTH_TOKEN_URL';
const CLIENT_ID = 'VIGILANT_KAFKA_OAUTH_CLIENT_ID';
const SECRET_FILE = 'VIGILANT_KAFKA_OAUTH_CLIENT_SECRET_FILE';
const SCOPE = 'VIGILANT_KAFKA_OAUTH_SCOPE';
const EXTENSIONS = 'VIGILANT_KAFKA_OAUTH_EXTENSIONS';

const PASSWORD_VARIABLES = [USERNAME, PASSWORD, PASSWORD_FILE] as const;
const OAUTH_VARIABLES = [TOKEN_URL, CLIENT_ID, SECRET_FILE, SCOPE, EXTENSIONS] as const;

/** The values of the variables of authentication. */
type Values = Readonly<Record<string, string | undefined>>;

/** Reads the authentication. @throws {Error} that names the variable or the file that is wrong */
export function readSasl(variables: Variables): KafkaSasl | undefined {
  const mechanism = variables.optionalChoice(MECHANISM, [
    'plain',
    'scram-sha-256',
    'scram-sha-512',
    'oauthbearer',
  ]);
  const names = [...PASSWORD_VARIABLES, ...OAUTH_VARIABLES];
  const values: Values = {
    ...Object.fromEntries(names.map((name) => [name, variables.optional(name)])),
    [MECHANISM]: mechanism,
  };
  const unused =
    mechanism === undefined ? names : mechanism === 'oauthbearer' ? PASSWORD_VARIABLES : OAUTH_VARIABLES;
  const misplaced = unused.find((name) => values[name] !== undefined);
  if (misplaced !== undefined) {
    const which = mechanism === undefined ? `without ${MECHANISM}` : `with ${MECHANISM}=${mechanism}`;
    throw new Error(`${misplaced} has no effect ${which}. Remove it, or change the mechanism.`);
  }
  if (mechanism === undefined) return undefined;
  if (mechanism === 'oauthbearer') return { mechanism, token: createToken(variables, values) };
  return { mechanism, ...createCredentials(variables, values) };
}

/** A password file is read for each authentication, so it may be replaced at any time. */
function createCredentials(variables: Variables, values: Values) {
  const username = required(values, USERNAME);
  if (values[PASSWORD] !== undefined && values[PASSWORD_FILE] !== undefined)
    throw new Error(`${PASSWORD} and ${PASSWORD_FILE} are both set. Remove one of them.`);
  if (values[PASSWORD_FILE] === undefined) {
    const password = required(values, PASSWORD, PASSWORD_FILE);
    return { username, password };
  }
  const read = createSecretReader(variables, PASSWORD_FILE);
  return { credentials: () => ({ username, password: read() }) };
}

function createToken(variables: Variables, values: Values) {
  const url = required(values, TOKEN_URL);
  if (!isSafe(url)) {
    const shown = url.includes('@') ? '. Its value is not shown' : `, not "${url}"`;
    throw new Error(`${TOKEN_URL} must be an https URL without a user name or password${shown}.`);
  }
  required(values, SECRET_FILE);
  const source = createTokenSource({
    url,
    clientId: required(values, CLIENT_ID),
    readSecret: createSecretReader(variables, SECRET_FILE),
    scope: values[SCOPE],
    extensions: parseExtensions(values[EXTENSIONS] ?? ''),
  });
  return () => source.token();
}

/** Reads a secret once, so that a missing file is reported at the start. Returns a function that reads it again. */
function createSecretReader(variables: Variables, name: string): () => string {
  const read = (): string => variables.secret(name) ?? '';
  read();
  return read;
}

function required(values: Values, name: string, alternative?: string): string {
  const value = values[name];
  const names = alternative === undefined ? name : `${name} or ${alternative}`;
  if (value === undefined)
    throw new Error(`${names} must be set, because ${MECHANISM}=${values[MECHANISM]} requires it.`);
  return value;
}

/** Returns whether a secret may be sent to an address. */
function isSafe(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '') return false;
  const isLocal = isLoopback(withoutBrackets(url.hostname));
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal);
}

function parseExtensions(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').filter((each) => each.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^\s*([A-Za-z]+)=(.+?)\s*$/.exec(pair) ?? [];
      if (name === undefined || value === undefined)
        throw new Error(`${EXTENSIONS} must be a comma-separated list of name=value, not "${text}".`);
      return [name, value];
    }),
  );
}
