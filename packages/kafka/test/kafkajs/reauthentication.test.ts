import { describe, expect, it } from 'vitest';
import type { AuthenticatedConnection } from '../../src/kafkajs/reauthentication';
import { reauthenticateInTime } from '../../src/kafkajs/reauthentication';

describe('reauthenticateInTime', () => {
  it.each([
    ['keeps 10 s of a long session', 3_600_000, 10_000],
    ['keeps a part of a short session', 2_000, 300],
    ['keeps nothing of a session that does not end', 0, 0],
  ])('%s for the next authentication', (_, lifetimeMs, thresholdMs) => {
    const connection: AuthenticatedConnection = {
      sessionLifetime: { toString: () => String(lifetimeMs) },
      reauthenticationThreshold: 10_000,
      isAuthenticated: () => true,
    };
    reauthenticateInTime(connection);
    reauthenticateInTime(connection);
    expect(connection.isAuthenticated()).toBe(true);
    expect(connection.reauthenticationThreshold).toBe(thresholdMs);
  });
});
