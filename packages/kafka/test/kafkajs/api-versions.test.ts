import { createTestContext } from '@vigilant/conformance';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createKafkaBroker } from '../../src/index';
import { startStubBroker } from '../support/stub-broker';
import type { VersionRange } from '../support/stub-broker';

/** API versions of Kafka 4.1 for the requests in use. */
const KAFKA_4: Readonly<Record<number, VersionRange>> = {
  0: [0, 13],
  1: [4, 18],
  2: [1, 11],
  3: [0, 13],
  8: [2, 10],
  9: [1, 10],
  10: [0, 6],
  11: [2, 9],
  12: [0, 4],
  13: [0, 5],
  14: [0, 5],
  18: [0, 4],
  19: [2, 7],
  32: [1, 4],
};

async function failureOfOpen(ranges: Readonly<Record<number, VersionRange>>): Promise<unknown> {
  const address = await startStubBroker(ranges);
  const broker = createKafkaBroker({ brokers: [address] });
  onTestFinished(() => broker.close());
  return broker.open(createTestContext()).catch((error: unknown) => error);
}

describe('checkApiVersions', () => {
  it('rejects a node that is too new, with the name of the request and both ranges', async () => {
    expect(await failureOfOpen({ ...KAFKA_4, 0: [8, 13] })).toMatchObject({
      code: 'VIGILANT_OPTIONS_INVALID',
      retryable: false,
      message: expect.stringContaining('(Produce: broker 8 to 13, client 0 to 7)') as string,
    });
  });

  it('names every request without a common version', async () => {
    expect(await failureOfOpen({ ...KAFKA_4, 10: [3, 6], 19: [4, 7] })).toMatchObject({
      message: expect.stringMatching(
        /CreateTopics: broker 4 to 7, client 0 to 3; FindCoordinator: broker 3 to 6, client 0 to 2/,
      ) as string,
    });
  });

  it.each([
    ['does not support Produce', 0],
    ['does not support Fetch', 1],
  ])('rejects a node that %s as not a listener for clients', async (_, api) => {
    const ranges = Object.fromEntries(Object.entries(KAFKA_4).filter(([key]) => Number(key) !== api));
    expect(await failureOfOpen(ranges)).toMatchObject({
      code: 'VIGILANT_OPTIONS_INVALID',
      message: expect.stringMatching(/broker none, client 0 to \d+.*not a client listener/) as string,
    });
  });
});
