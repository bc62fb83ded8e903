import type { GrpcClientOptions } from '@vigilant/grpc';
import { createGrpcClient } from '@vigilant/grpc';
import { describe, expect, it } from 'vitest';

const address = '127.0.0.1:50051';

const create = (options: unknown) => () => createGrpcClient(options as never);
const rejection = (message: string | RegExp) =>
  expect.objectContaining({ code: 'VIGILANT_OPTIONS_INVALID', message: expect.stringMatching(message) });

/** Every option, `undefined`. The type is a test too, because the repository is checked with exactOptionalPropertyTypes. */
const UNDEFINED: Omit<GrpcClientOptions, 'address'> = {
  credentials: undefined,
  defaults: undefined,
  level: undefined,
  deadlineMs: undefined,
  graceMs: undefined,
  maxBufferedBytes: undefined,
  onDiagnostic: undefined,
  clock: undefined,
};

describe('createGrpcClient', () => {
  it('treats options that are undefined as absent', async () => {
    const client = createGrpcClient({ address, ...UNDEFINED });
    expect(await client.close()).toMatchObject({ unanswered: 0 });
  });

  it.each([[undefined], [null], ['127.0.0.1:50051'], [5]])('rejects %j in place of options', (options) => {
    expect(create(options)).toThrow(
      rejection(/^The options of createGrpcClient\(\) must be an object, not .*\.$/),
    );
  });

  it('names the option that was likely meant', () => {
    expect(create({ adress: address })).toThrow(
      rejection('^Unknown option "adress" of createGrpcClient\\(\\)\\. Did you mean "address"\\?$'),
    );
  });

  it.each([
    ['address', undefined],
    ['address', 50051],
    ['credentials', {}],
    ['defaults', 'shop'],
    ['deadlineMs', '10'],
    ['deadlineMs', 0],
    ['graceMs', -1],
    ['maxBufferedBytes', 1],
    ['onDiagnostic', 5],
    ['clock', {}],
  ])('rejects %s: %j and names the option', (name, value) => {
    expect(create({ address, [name]: value })).toThrow(rejection(`^createGrpcClient\\.${name} must `));
  });

  it('rejects invalid defaults and names their path', () => {
    expect(create({ address, defaults: { sourse: 'shop' } })).toThrow(
      rejection('^defaults\\.sourse: .* Did you mean "source"\\?$'),
    );
  });

  it.each([
    '',
    ' ',
    'local host:50051',
    'localhost:port',
    'localhost:0',
    'localhost:65536',
    'localhost:50051/path',
    'http://localhost:50051',
    '::1',
    '[::1:50051',
    'dns:',
    'unix:',
    'ipv4:127.0.0.1:50051,',
  ])('rejects the address %j', (invalid) => {
    expect(create({ address: invalid })).toThrow(rejection(/^createGrpcClient\.address must /));
  });

  it.each([
    'localhost:50051',
    'localhost',
    'events.example.com:443',
    '127.0.0.1:50051',
    '[::1]:50051',
    'dns:localhost:50051',
    'dns:///localhost:50051',
    'dns://1.1.1.1/localhost:50051',
    'ipv4:127.0.0.1:50051,127.0.0.2:50051',
    'ipv6:[::1]:50051',
    'unix:server.sock',
    'unix:///run/vigilant.sock',
    'unix-abstract:vigilant',
  ])('accepts the address %j', async (valid) => {
    await createGrpcClient({ address: valid }).close();
  });
});
