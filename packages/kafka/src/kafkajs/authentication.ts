import { VigilantError, isVigilantError } from '@vigilant/core';
import { reasonOf } from '@vigilant/core/adapter';
import type { AuthenticationProviderArgs, Authenticator, Mechanism } from 'kafkajs';
import plain from 'kafkajs/src/broker/saslAuthenticator/plain.js';
import scram256 from 'kafkajs/src/broker/saslAuthenticator/scram256.js';
import scram512 from 'kafkajs/src/broker/saslAuthenticator/scram512.js';
import { request as tokenRequest } from 'kafkajs/src/protocol/sasl/oauthBearer/index.js';
import type { KafkaSasl, KafkaToken } from '../contracts/kafka-sasl';
import { checkCredentials, checkToken } from '../contracts/kafka-sasl';
import { innermost } from './failures';

type AuthenticationProvider = (connection: AuthenticationProviderArgs) => Authenticator;
type SaslAuthenticate = AuthenticationProviderArgs['saslAuthenticate'];

const PASSWORD_PROVIDERS = { plain, 'scram-sha-256': scram256, 'scram-sha-512': scram512 };

/** Error code of Kafka for credentials that it rejects. */
const REJECTED = 'SASL_AUTHENTICATION_FAILED';

/** Size of the length before the data of a request or response, in bytes. */
const LENGTH_BYTES = 4;

/** A request with a single byte, as RFC 7628 requires. */
const ACKNOWLEDGEMENT = Buffer.from([0, 0, 0, 1, 1]);

/**
 * Creates the authentication mechanism of connections.
 *
 * Functions of the options are called for each authentication. Credentials of a function that Kafka rejects may be replaced
 * later, so the error is then retryable. So is an invalid value, once a valid one has been accepted: `log()` must not reject
 * events as if they or the options were wrong. kafkajs 2.2.4 reports every failure during an authentication as rejected
 * credentials, and does not notice that Kafka rejects a token.
 */
export function createAuthentication(sasl: KafkaSasl): Mechanism {
  let hasSucceeded = false;
  const authenticateOnce = async (connection: AuthenticationProviderArgs): Promise<void> => {
    try {
      await authenticate(sasl, connection);
      hasSucceeded = true;
    } catch (error) {
      if (!hasSucceeded || !isVigilantError(error) || error.retryable) throw error;
      throw new VigilantError('VIGILANT_BROKER_UNAVAILABLE', error.message, { cause: error });
    }
  };
  return {
    mechanism: sasl.mechanism,
    authenticationProvider: (connection) => ({ authenticate: () => authenticateOnce(connection) }),
  };
}

async function authenticate(sasl: KafkaSasl, connection: AuthenticationProviderArgs): Promise<void> {
  const provider = await providerOf(sasl);
  let failure: unknown;
  const saslAuthenticate: SaslAuthenticate = async (exchange) => {
    try {
      return await connection.saslAuthenticate(exchange);
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  try {
    await provider({ ...connection, saslAuthenticate }).authenticate();
  } catch (error) {
    if (failure !== undefined && innermost(failure).type !== REJECTED) throw failure;
    if (!('credentials' in sasl) && !('token' in sasl)) throw error;
    const name = 'token' in sasl ? 'token' : 'credentials';
    const message = `Kafka rejected the ${name} of sasl.${name}() (${REJECTED}): ${reasonOf(failure ?? error)}`;
    throw new VigilantError('VIGILANT_BROKER_UNAVAILABLE', message, { cause: error });
  }
}

async function providerOf(sasl: KafkaSasl): Promise<AuthenticationProvider> {
  if ('token' in sasl) {
    const token = checkToken(await call('token', () => sasl.token()));
    return ({ saslAuthenticate }) => ({ authenticate: () => sendToken(token, saslAuthenticate) });
  }
  const credentials =
    'credentials' in sasl ? checkCredentials(await call('credentials', () => sasl.credentials())) : sasl;
  const { username, password } = credentials;
  return PASSWORD_PROVIDERS[sasl.mechanism]({ username, password });
}

async function call<T>(name: string, provide: () => T | Promise<T>): Promise<T> {
  try {
    return await provide();
  } catch (error) {
    if (isVigilantError(error)) throw error;
    const message = `The function sasl.${name} failed: ${reasonOf(error)}`;
    throw new VigilantError('VIGILANT_BROKER_UNAVAILABLE', message, { cause: error });
  }
}

async function sendToken(token: KafkaToken, saslAuthenticate: SaslAuthenticate): Promise<void> {
  // If Kafka rejects the token, its response contains data. It reports the rejection after an acknowledgement.
  const response = { decode: (data: Buffer) => data, parse: (data: Buffer) => data.length > LENGTH_BYTES };
  const isRejected = await saslAuthenticate({ request: await tokenRequest({}, token), response });
  if (isRejected === true) await saslAuthenticate({ request: { encode: () => ACKNOWLEDGEMENT } });
}
