import { VigilantError } from '@vigilant/core';
import { describe, expect, it } from 'vitest';
import { explain } from '../src/explain';
import { readSettings } from '../src/settings';

describe('explain', () => {
  it.each([
    ['serveGrpc.host', 'VIGILANT_GRPC_HOST'],
    ['serveGrpc.port', 'VIGILANT_GRPC_PORT'],
    ['serveHttp.host', 'VIGILANT_HTTP_HOST'],
    ['serveHttp.port', 'VIGILANT_HTTP_PORT'],
  ])('names the variable of %s if its address cannot be opened', (field, variable) => {
    const settings = readSettings({ VIGILANT_GRPC_PORT: '80', VIGILANT_HTTP_PORT: '80' });
    const reason = 'cannot be opened: listen EACCES: permission denied 127.0.0.1:80';
    const message = `Port 80 of 127.0.0.1 ${reason}.`;
    const violations = [{ field, code: 'invalid_value', reason }];
    const error = new VigilantError('VIGILANT_OPTIONS_INVALID', message, { violations });
    expect(explain(error, settings)).toBe(`${variable}: ${message}`);
  });
});
