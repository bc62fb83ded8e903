import type { ServiceError } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { toFailure } from '../../src/client/failure';

describe('toFailure', () => {
  it('gives the message of an error that has no status, such as of a response that cannot be decompressed', () => {
    const error = Object.assign(new Error('incorrect header check'), { code: 'Z_DATA_ERROR' });
    const failure = toFailure(error as unknown as ServiceError, 'VIGILANT_STORE_UNAVAILABLE');
    expect(failure.error.message).toBe('incorrect header check');
  });
});
