import { expect, it } from 'vitest';
import { describeWithService } from '../../../scripts/services/in-tests.mjs';
import { createEngine, messagesOf } from './support/engine';
import { createTopicName } from './support/kafka';

describeWithService('kafka', 'maxRequestBytes', (address) => {
  it('splits 5,000 events of 1 KiB in one call into requests that the topic accepts', async () => {
    const { vigilant } = createEngine({
      brokers: [address],
      topic: createTopicName(),
      createTopic: { settings: { 'max.message.bytes': `${1024 * 1024}` } },
    });
    const data = { text: 'a'.repeat(1024) };
    const events = Array.from({ length: 5_000 }, (_, n) => ({ message: `${n}`, data }));
    expect((await vigilant.logBatch(events)).accepted).toBe(5_000);
    const messages = await messagesOf(vigilant);
    expect([...messages].sort()).toEqual(events.map(({ message }) => message).sort());
  }, 60_000);

  it('rejects a larger event with the limit, and stores the events that are logged together with it', async () => {
    const { vigilant } = createEngine({
      brokers: [address],
      topic: createTopicName(),
      maxRequestBytes: 190_000,
      createTopic: { settings: { 'max.message.bytes': '200000' } },
    });
    const tooLarge = { message: 'large', data: { text: 'a'.repeat(195_000) } };
    // Calls in one turn of the event loop share a publish.
    const before = vigilant.log({ message: 'before' });
    const large = vigilant.log({ id: 'large', ...tooLarge });
    const batch = vigilant.logBatch([{ message: 'first' }, tooLarge, { message: 'third' }]);
    await before;
    await expect(large).rejects.toMatchObject({
      code: 'VIGILANT_EVENT_INVALID',
      message: expect.stringMatching(/Event large .*The limit is 190000 bytes \(maxRequestBytes\)/) as string,
      violations: [{ limit: 190_000 }],
    });
    expect((await batch).results).toMatchObject([
      { id: expect.any(String) as string },
      { error: { code: 'VIGILANT_EVENT_INVALID' } },
      { id: expect.any(String) as string },
    ]);
    await vigilant.log({ message: 'after', data: { text: 'a'.repeat(185_000) } });
    expect([...(await messagesOf(vigilant))].sort()).toEqual(['after', 'before', 'first', 'third']);
  }, 60_000);
});
