import type { ServiceError } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { toFailure } from '../../src/client/failure';

describe('toFailure', () => {
  it('reports the message of an error without a status', () => {
    const error = Object.assign(new Error('incorrect header check'), { code: 'Z_DATA_ERROR' });
    const failure = toFailure(error as unknown as ServiceError, 'VIGILANT_STORE_UNAVAILABLE');
    expect(failure.error.message).toBe('incorrect header check');
  });
});
