import type { Clock } from '@vigilant/core';
import { backOffMs, reasonOf, sleep } from '@vigilant/core/adapter';
import type { GroupOptions, KafkaClient, KafkaConsumer } from '../contracts/kafka-client';

const BACK_OFF = { firstMs: 200, maxMs: 5_000 };

/** Time that a run must last for the count of failures to start again, in milliseconds. */
const STABLE_MS = 10_000;

/** Runs until it fails, and resolves to the error, or until the signal is aborted. */
export type Run = (signal: AbortSignal) => Promise<Error | undefined>;

/** Restarts a run with increasing pauses until the signal is aborted. Never rejects. */
export async function supervise(
  clock: Clock,
  signal: AbortSignal,
  run: Run,
  onFailure: (error: Error, failures: number) => void,
): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    const started = clock.monotonic();
    const error = await run(signal).catch((reason: unknown) =>
      reason instanceof Error ? reason : new Error(reasonOf(reason)),
    );
    if (signal.aborted) return;
    failures = clock.monotonic() - started > STABLE_MS ? 1 : failures + 1;
    onFailure(error ?? new Error('The consumer ended.'), failures);
    await sleep(clock, backOffMs(BACK_OFF, failures, Math.random), signal).catch(() => {});
  }
}

/**
 * Consumes until the consumer fails, and resolves to the error, or until the signal is aborted. By then
 * the consumer has left the group.
 *
 * @param onConsumer - Receives the running consumer, and `undefined` once it no longer runs.
 */
export async function runConsumer(
  signal: AbortSignal,
  client: KafkaClient,
  options: Omit<GroupOptions, 'onEnd'>,
  onConsumer: (consumer: KafkaConsumer | undefined) => void = () => {},
): Promise<Error | undefined> {
  let onEnd: (error: Error | undefined) => void = () => {};
  const ended = new Promise<Error | undefined>((resolve) => (onEnd = resolve));
  const onAbort = (): void => onEnd(undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  const consumer = client.consume({ ...options, onEnd });
  onConsumer(consumer);
  const error = await ended;
  signal.removeEventListener('abort', onAbort);
  onConsumer(undefined);
  await consumer.stop();
  return error;
}
