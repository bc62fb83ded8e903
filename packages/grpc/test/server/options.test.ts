import { createVigilant } from '@vigilant/core';
import { serveGrpc } from '@vigilant/grpc';
import { describe, expect, it } from 'vitest';
import { serve } from '../support/serve';

const rejection = (message: RegExp) => ({
  code: 'VIGILANT_OPTIONS_INVALID',
  message: expect.stringMatching(message),
});

describe('serveGrpc', () => {
  it.each([[undefined], [null], [{}], [{ port: 0 }]])('rejects %j in place of an engine', async (engine) => {
    await expect(serveGrpc(engine as never)).rejects.toMatchObject(
      rejection(
        /^The first argument of serveGrpc\(\) must be an engine, such as the result of createVigilant\(\)\.$/,
      ),
    );
  });

  it.each([[null], [50_051]])('rejects %j in place of options', async (options) => {
    await expect(serveGrpc(createVigilant(), options as never)).rejects.toMatchObject(
      rejection(/^The options of serveGrpc\(\) must be an object, not .*\.$/),
    );
  });

  it('rejects a socket path that the system would truncate', async () => {
    await expect(
      serveGrpc(createVigilant(), { socketPath: `/tmp/${'a'.repeat(200)}` }),
    ).rejects.toMatchObject(rejection(/^serveGrpc\.socketPath must be at most 10[37] bytes long, not "/));
  });

  it.each([
    ['a socket path beside a port', { socketPath: '/tmp/x.sock', port: 1 }, 'socketPath'],
    ['a host that other machines can reach', { host: '0.0.0.0' }, 'host'],
  ])('reports the violation of %s', async (_, options, name) => {
    await expect(serveGrpc(createVigilant(), options)).rejects.toMatchObject({
      code: 'VIGILANT_OPTIONS_INVALID',
      violations: [{ field: `serveGrpc.${name}` }],
    });
  });

  it('names the option that was likely meant', async () => {
    await expect(serveGrpc(createVigilant(), { prot: 1 } as never)).rejects.toMatchObject(
      rejection(/^Unknown option "prot" of serveGrpc\(\)\. Did you mean "port"\?$/),
    );
  });

  it.each([
    ['host', ''],
    ['host', 5],
    ['port', '50051'],
    ['port', 65_536],
    ['socketPath', ''],
    ['socketPath', 5],
    ['allowUnauthenticated', 'yes'],
    ['maxConcurrentStreams', 0],
    ['onDiagnostic', 5],
  ])('rejects %s: %j and names the option', async (name, value) => {
    await expect(serveGrpc(createVigilant(), { [name]: value } as never)).rejects.toMatchObject(
      rejection(new RegExp(`^serveGrpc\\.${name} must `)),
    );
  });
});

describe('GrpcServer.close', () => {
  it.each([[{ graceMs: -1 }], [{ graceMs: Infinity }], [{ grace: 1 }], [null]])(
    'rejects %j and stays open',
    async (options) => {
      const { server } = await serve();
      const closed = server.close(options as never);
      await expect(closed).rejects.toMatchObject({ code: 'VIGILANT_OPTIONS_INVALID' });
      await expect(serve({ server: { port: server.port } })).rejects.toMatchObject({
        code: 'VIGILANT_ADDRESS_IN_USE',
      });
    },
  );
});
