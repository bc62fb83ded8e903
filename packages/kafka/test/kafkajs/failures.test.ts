import { describe, expect, it } from 'vitest';
import { UnsupportedBroker } from '../../src/kafkajs/api-versions';
import { translateError } from '../../src/kafkajs/failures';

describe('translateError', () => {
  it('names the option that leads to an unsupported node', () => {
    const failure = new UnsupportedBroker(['Fetch: broker none, client 0 to 11'], true);
    expect(translateError(failure, 'Connecting failed')).toMatchObject({
      code: 'VIGILANT_OPTIONS_INVALID',
      retryable: false,
      violations: [{ field: 'brokers', code: 'invalid_value' }],
    });
  });
});
