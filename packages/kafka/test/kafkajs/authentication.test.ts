import type { AuthenticationProviderArgs, Mechanism } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import type { KafkaSasl } from '../../src/contracts/kafka-sasl';
import { createAuthentication } from '../../src/kafkajs/authentication';
import { translateError } from '../../src/kafkajs/failures';

/** Answers a request of four bytes of length and data. An error is thrown. */
type Answer = (sent: string) => Buffer | Error;

const ACCEPTED = Buffer.alloc(4);
const REJECTION = Object.assign(new Error('Authentication failed'), { type: 'SASL_AUTHENTICATION_FAILED' });

const framed = (text: string): Buffer => {
  const size = Buffer.alloc(4);
  size.writeInt32BE(text.length);
  return Buffer.concat([size, Buffer.from(text)]);
};

/** Authenticates a connection to a node that answers like this. Returns what was sent, and the error as a caller sees it. */
function authenticate(sasl: KafkaSasl, answer: Answer = () => ACCEPTED) {
  return connect(createAuthentication(sasl), answer);
}

async function connect({ authenticationProvider }: Mechanism, answer: Answer = () => ACCEPTED) {
  const sent: string[] = [];
  const logger = { debug() {}, error() {} };
  const connection = {
    ...{ host: 'kafka', port: 9092, logger },
    async saslAuthenticate({
      request,
      response,
    }: Parameters<AuthenticationProviderArgs['saslAuthenticate']>[0]) {
      const text = (await request.encode()).subarray(4).toString();
      sent.push(text);
      const data = answer(text);
      if (data instanceof Error) throw data;
      return response?.parse(await response.decode(data));
    },
  } as unknown as AuthenticationProviderArgs;
  const error = await authenticationProvider(connection)
    .authenticate()
    .then(
      () => undefined,
      (reason: unknown) => translateError(reason, 'Connecting failed'),
    );
  return { sent, error };
}

describe('createAuthentication', () => {
  it('asks the function for credentials each time', async () => {
    const passwords = ['old', 'new'];
    const sasl: KafkaSasl = {
      mechanism: 'plain',
      credentials: () => ({ username: 'app', password: passwords.shift() ?? '' }),
    };
    expect((await authenticate(sasl)).sent).toEqual(['\0app\0old']);
    expect((await authenticate(sasl)).sent).toEqual(['\0app\0new']);
  });

  it('sends a token with its extensions', async () => {
    const extensions = { logicalCluster: 'lkc-1', identityPoolId: 'pool-1' };
    const token = async () => ({ value: 'abc', extensions });
    const { sent } = await authenticate({ mechanism: 'oauthbearer', token });
    expect(sent).toEqual([
      'n,,\u0001auth=Bearer abc\u0001logicalCluster=lkc-1\u0001identityPoolId=pool-1\u0001\u0001',
    ]);
  });

  it('acknowledges the answer to a token that is rejected, after which Kafka reports why', async () => {
    const answer: Answer = (text) => (text === '\u0001' ? REJECTION : framed('{"status":"invalid_token"}'));
    const { error } = await authenticate(
      { mechanism: 'oauthbearer', token: () => ({ value: 'abc' }) },
      answer,
    );
    expect(error).toMatchObject({ code: 'VIGILANT_BROKER_UNAVAILABLE', retryable: true });
    expect(error?.message).toMatch(/Kafka rejected the token of sasl\.token\(\)/);
  });

  it('reports rejected credentials of a function as retryable, because they may change', async () => {
    const credentials = () => ({ username: 'app', password: 'wr0ng' });
    const { error } = await authenticate({ mechanism: 'plain', credentials }, () => REJECTION);
    expect(error).toMatchObject({ code: 'VIGILANT_BROKER_UNAVAILABLE', retryable: true });
    expect(error?.message).toMatch(/Kafka rejected the credentials of sasl\.credentials\(\)/);
    expect(error?.message).not.toContain('wr0ng');
  });

  it('reports rejected fixed credentials as final', async () => {
    const { error } = await authenticate(
      { mechanism: 'plain', username: 'app', password: 'wr0ng' },
      () => REJECTION,
    );
    expect(error).toMatchObject({ code: 'VIGILANT_BROKER_UNAVAILABLE', retryable: false });
  });

  it('reports a connection that ends meanwhile as retryable', async () => {
    const closed = new Error('Closed connection');
    const { error } = await authenticate(
      { mechanism: 'plain', username: 'app', password: 'right' },
      () => closed,
    );
    expect(error).toMatchObject({ code: 'VIGILANT_BROKER_UNAVAILABLE', retryable: true });
    expect(error?.message).toBe('Connecting failed: Closed connection.');
  });

  it('reports a function that fails as retryable, with its reason', async () => {
    const token = () => Promise.reject(new Error('the identity provider does not answer'));
    const { error, sent } = await authenticate({ mechanism: 'oauthbearer', token });
    expect(sent).toEqual([]);
    expect(error).toMatchObject({ code: 'VIGILANT_BROKER_UNAVAILABLE', retryable: true });
    expect(error?.message).toMatch(/The function sasl\.token failed: the identity provider does not answer/);
  });

  it('reports an invalid value after a valid one as retryable, because the events are not at fault', async () => {
    const values = [{ value: 'abc' }, undefined] as { value: string }[];
    const authentication = createAuthentication({
      mechanism: 'oauthbearer',
      token: () => values.shift() as { value: string },
    });
    expect((await connect(authentication)).error).toBeUndefined();
    const { error } = await connect(authentication);
    expect(error).toMatchObject({ code: 'VIGILANT_BROKER_UNAVAILABLE', retryable: true });
    expect(error?.message).toMatch(/sasl\.token\(\) must be an object/);
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /sasl\.token\(\) must be an object\. Its value is not shown/],
    ['a token as text', 'secret', /sasl\.token\(\) must be an object/],
    [
      'a token with a line break',
      { value: 'secret\n' },
      /sasl\.token\(\)\.value must be a token without spaces/,
    ],
    [
      'an extension named auth',
      { value: 'secret', extensions: { auth: 'x' } },
      /sasl\.token\(\)\.extensions must have names of letters, except "auth"/,
    ],
  ])('rejects a function that returns %s', async (_, value, message) => {
    const token = (() => value) as never;
    const { error, sent } = await authenticate({ mechanism: 'oauthbearer', token });
    expect(sent).toEqual([]);
    expect(error).toMatchObject({ code: 'VIGILANT_OPTIONS_INVALID', retryable: false });
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain('secret');
  });
});
