import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificates, createKeyStore } from '../../../../scripts/services/certificates.mjs';
import { startKafka } from '../../../../scripts/services/kafka.mjs';

const MODULE = 'org.apache.kafka.common.security';

/** Duration of a session of the listener `SHORT`, in milliseconds: authentication is repeated while a test runs. */
export const SESSION_MS = 2_000;

/** A Kafka that clients must authenticate to. The user is `app` with the password `right`. */
export interface SecureKafka {
  /**
   * Addresses of the listeners. `TLS` accepts PLAIN, SCRAM-SHA-256 and OAUTHBEARER with an unsigned token, over TLS. `SHORT` accepts
   * SCRAM-SHA-256 without TLS, and ends sessions.
   */
  readonly addresses: Readonly<Record<'TLS' | 'SHORT', string>>;
  /** File of the certificate authority. */
  readonly caFile: string;
  dispose(): Promise<void>;
}

/** Starts a Kafka with TLS and authentication. */
export async function startSecureKafka(): Promise<SecureKafka> {
  const folder = mkdtempSync(join(tmpdir(), 'vigilant-tls-'));
  const files = createCertificates(folder);
  const keyStore = join(folder, 'keys.p12');
  createKeyStore(files, keyStore, 'secret');
  const kafka = await startKafka({
    listeners: [
      { name: 'TLS', protocol: 'SASL_SSL' },
      { name: 'SHORT', protocol: 'SASL_PLAINTEXT' },
    ],
    scramUsers: { app: 'right' },
    settings: {
      'ssl.keystore.location': keyStore,
      'ssl.keystore.password': 'secret',
      'ssl.keystore.type': 'PKCS12',
      'listener.name.tls.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,OAUTHBEARER',
      'listener.name.tls.plain.sasl.jaas.config': `${MODULE}.plain.PlainLoginModule required username="app" password="right" user_app="right";`,
      'listener.name.tls.scram-sha-256.sasl.jaas.config': `${MODULE}.scram.ScramLoginModule required;`,
      'listener.name.tls.oauthbearer.sasl.jaas.config': `${MODULE}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="app";`,
      'listener.name.short.sasl.enabled.mechanisms': 'SCRAM-SHA-256',
      'listener.name.short.scram-sha-256.sasl.jaas.config': `${MODULE}.scram.ScramLoginModule required;`,
      'listener.name.short.scram-sha-256.connections.max.reauth.ms': String(SESSION_MS),
    },
  });
  const { TLS = '', SHORT = '' } = kafka.addresses;
  return {
    addresses: { TLS, SHORT },
    caFile: files.ca,
    async dispose() {
      await kafka.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Creates an unsigned JSON Web Token, which the validator of Kafka for tests accepts. */
export function createToken(lifetimeMs: number, now: number = Date.now()): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { sub: 'app', iat: Math.floor(now / 1_000), exp: Math.floor((now + lifetimeMs) / 1_000) };
  return `${encode({ alg: 'none' })}.${encode(claims)}.`;
}
