import { setLogger } from '@grpc/grpc-js';
import type { Diagnostic } from '@vigilant/core';
import { redirectGrpcLog } from '@vigilant/grpc';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { codecOf } from '../../src/wire/schema';
import { connectHttp2, frame, openCall } from '../support/http2-client';
import { serve } from '../support/serve';

afterAll(() => setLogger(console));

describe('redirectGrpcLog', () => {
  it('reports a message of grpc-js without the value of a header, and prints nothing', async () => {
    const printed = vi.spyOn(console, 'error').mockReturnValue();
    const diagnostics: Diagnostic[] = [];
    redirectGrpcLog((diagnostic) => void diagnostics.push(diagnostic));
    const { server } = await serve();
    const session = connectHttp2(server.address);
    const body = frame(codecOf('vigilant.v1.GetStatusRequest').encode({}), false);
    const headers = { 'x-token': 'secret\u00fc' };
    await openCall(session, '/vigilant.v1.AdminService/GetStatus', headers, body).outcome;
    expect(diagnostics).toMatchObject([
      { level: 'warn', component: 'grpc-js', message: 'Failed to add metadata entry x-token' },
    ]);
    expect(printed).not.toHaveBeenCalled();
  });
});
