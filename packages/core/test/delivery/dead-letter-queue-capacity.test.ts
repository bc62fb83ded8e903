import { describe, expect, it } from 'vitest';
import { conflict, listed, setUp } from './dead-letter-queue-support';

describe('DeadLetterQueue', () => {
  it('drops and counts the oldest letters when it is full, and reports it until there is room', async () => {
    const { clock, diagnostics, queue } = setUp({ maxCount: 3 });
    for (let n = 0; n < 5; n += 1) {
      await queue.write([conflict(`i${n}`)]);
      await clock.advance(1);
      expect(await queue.failureReason()).toEqual(n < 3 ? undefined : expect.stringContaining('is full'));
    }
    expect((await listed(queue)).map(({ id }) => id)).toEqual(['i2', 'i3', 'i4']);
    expect(queue.dropped).toBe(2);
    expect(diagnostics.filter(({ code }) => code === 'dead-letters-dropped')).toHaveLength(2);
    await queue.write([conflict('i3')]);
    expect(queue.dropped).toBe(2);
    const [oldest, next] = await listed(queue);
    expect(await queue.delete(oldest?.key ?? '')).toBe(true);
    expect(await queue.failureReason()).toBeDefined();
    expect(await queue.delete(next?.key ?? '')).toBe(true);
    expect(await queue.failureReason()).toBeUndefined();
    await queue.write([conflict('i0')]);
    expect(queue.dropped).toBe(2);
  });

  it('drops a hundredth of a large collection in one step and reports the number', async () => {
    const { documents, queue } = setUp({ maxCount: 300 });
    const reasons = new Set<string | undefined>();
    const { write } = documents;
    documents.write = async (changes) => {
      if (queue.dropped > 0) reasons.add(await queue.failureReason());
      return write(changes);
    };
    for (let n = 0; n < 302; n += 1) await queue.write([conflict(`i${n}`)]);
    expect(queue.dropped).toBe(3);
    expect(await documents.count('dead-letter')).toBe(299);
    expect([...reasons]).toEqual([expect.stringContaining('3 of the oldest')]);
  });

  it('is no longer full once another process deletes letters', async () => {
    const { create, queue } = setUp({ maxCount: 2 });
    for (const id of ['a', 'b', 'c']) await queue.write([conflict(id)]);
    expect(await queue.failureReason()).toContain('is full (deadLetters.maxCount: 2); 1 of the oldest');
    const other = create();
    for (const { key } of await listed(other)) await other.delete(key);
    expect(await queue.failureReason()).toBeUndefined();
  });

  it('stays full if letters are counted while it makes room for many', async () => {
    const { documents, queue } = setUp({ maxCount: 200 });
    const letters = Array.from({ length: 210 }, (_, n) => conflict(`i${n}`));
    await queue.write(letters);
    await queue.write(letters.slice(100));
    const { write } = documents;
    documents.write = async (changes) => {
      await queue.failureReason();
      return write(changes);
    };
    await queue.write(letters.slice(200));
    expect(queue.dropped).toBe(10);
    expect(await documents.count('dead-letter')).toBe(200);
    expect(await queue.failureReason()).toContain('10 of the oldest');
  });

  it('drops the other oldest letters while another process changes one of them', async () => {
    const { documents, queue } = setUp({ maxCount: 300 });
    const letters = Array.from({ length: 301 }, (_, n) => conflict(`i${n}`));
    for (let start = 0; start < 300; start += 100) await queue.write(letters.slice(start, start + 100));
    const [oldest = { key: '' }] = await listed(queue);
    const { list } = documents;
    let changes = 2;
    documents.list = async (kind, options) => {
      const page = await list(kind, options);
      if (changes-- > 0) {
        const found = await documents.get(kind, oldest.key);
        await documents.put(kind, oldest.key, { value: {} }, { revision: found?.revision ?? null });
      }
      return page;
    };
    await queue.write(letters.slice(300));
    expect(queue.dropped).toBe(1);
    expect(await queue.get(oldest.key)).toBeUndefined();
    expect(await documents.count('dead-letter')).toBe(300);
  });

  it('counts dropped letters even if the documents fail in between', async () => {
    const { documents, queue } = setUp({ maxCount: 1 });
    await queue.write([conflict('a')]);
    const { count } = documents;
    documents.count = (kind) => (queue.dropped > 0 ? Promise.reject(new Error('away')) : count(kind));
    await expect(queue.write([conflict('b')])).rejects.toThrow('away');
    documents.count = count;
    await queue.write([conflict('b')]);
    expect(queue.dropped).toBe(1);
    expect(await listed(queue)).toMatchObject([{ id: 'b', count: 1 }]);
  });
});
