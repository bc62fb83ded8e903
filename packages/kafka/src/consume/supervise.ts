import { backOffMs, sleep } from '@vigilant/core';
import type { Clock } from '@vigilant/core';
import type { GroupOptions, KafkaClient, KafkaConsumer } from '../contracts/kafka-client';

const BACK_OFF = { firstMs: 200, maxMs: 5_000 };

/** How long something must have worked to count as well again, in milliseconds. */
const WELL_MS = 10_000;

/** One life of something that can fail: ends with the error, or without one when the signal ended it. */
export type Life = (signal: AbortSignal) => Promise<Error | undefined>;

/** Lives one life after another, with pauses that grow, until the signal ends it. Never rejects. */
export async function supervise(
  clock: Clock,
  signal: AbortSignal,
  live: Life,
  onFailure: (error: Error, failures: number) => void,
): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    const started = clock.monotonic();
    const error = await live(signal).catch((reason: unknown) =>
      reason instanceof Error ? reason : new Error(String(reason)),
    );
    if (signal.aborted) return;
    failures = clock.monotonic() - started > WELL_MS ? 1 : failures + 1;
    onFailure(error ?? new Error('it ended'), failures);
    await sleep(clock, backOffMs(BACK_OFF, failures, Math.random), signal).catch(() => {});
  }
}

/** Consumes until that fails, which gives the error, or until the signal ends it. Has left the group then. */
export async function consumeUntil(
  signal: AbortSignal,
  client: KafkaClient,
  options: Omit<GroupOptions, 'onEnd'>,
  onStarted: (consumer: KafkaConsumer | undefined) => void = () => {},
): Promise<Error | undefined> {
  let onEnd: (error: Error | undefined) => void = () => {};
  const ended = new Promise<Error | undefined>((resolve) => (onEnd = resolve));
  const onAbort = (): void => onEnd(undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  const consumer = client.consume({ ...options, onEnd });
  onStarted(consumer);
  const error = await ended;
  signal.removeEventListener('abort', onAbort);
  onStarted(undefined);
  await consumer.stop();
  return error;
}
