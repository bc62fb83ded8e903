import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../src/util/clock';
import type { DocumentStore } from '../../src/contracts/documents';
import type { DeadLetterQueue } from '../../src/delivery/dead-letter-queue';
import { createDeadLetterQueue } from '../../src/delivery/dead-letter-queue';
import { conflictLetter, malformedLetter, rejectedLetter } from '../../src/delivery/dead-letter';
import type { Diagnostic } from '../../src/util/diagnostics';
import { decodeEvent } from '../../src/event/codec';
import { createMemoryDocuments } from '../../src/memory/memory-documents';
import { event, rejected } from '../support';

function setUp(options: { maxCount?: number; isVolatile?: boolean; documents?: DocumentStore } = {}) {
  const { documents = createMemoryDocuments(), maxCount = 100, isVolatile = false } = options;
  const clock = createManualClock();
  const diagnostics: Diagnostic[] = [];
  const create = (): DeadLetterQueue =>
    createDeadLetterQueue({
      ...{ documents, maxCount, isVolatile, now: () => clock.now() },
      diagnostics: (diagnostic) => diagnostics.push(diagnostic),
    });
  return { clock, diagnostics, documents, create, queue: create() };
}

const conflict = (id: string, message = 'other') => conflictLetter(event({ id, message }));

async function listed(queue: DeadLetterQueue) {
  return (await queue.list({ limit: 1_000 })).letters;
}

describe('DeadLetterQueue', () => {
  it('keeps one letter per conflicting id, with the first content, a count and both times', async () => {
    const { clock, queue } = setUp();
    await queue.write(conflict('a', 'first'));
    await clock.advance(1_000);
    await queue.write(conflict('b'));
    await clock.advance(1_000);
    await queue.write({ ...conflict('a', 'second'), count: 5 });
    const letters = await listed(queue);
    const start = clock.now() - 2_000;
    expect(letters).toMatchObject([
      { id: 'a', reason: 'id-conflict', count: 6, at: start, lastAt: start + 2_000 },
      { id: 'b', reason: 'id-conflict', count: 1, at: start + 1_000, lastAt: start + 1_000 },
    ]);
    const found = await queue.get(letters[0]?.key ?? '');
    expect(decodeEvent(found?.bytes ?? new Uint8Array()).message).toBe('first');
  });

  it('finds the letter of an id again in another process and after a restart', async () => {
    const { create, queue } = setUp();
    await queue.write(conflict('a'));
    await create().write(conflict('a'));
    expect(await listed(queue)).toMatchObject([{ id: 'a', count: 2 }]);
  });

  it('keeps separate letters for different content, and for records at different positions', async () => {
    const { queue } = setUp();
    const record = { bytes: Uint8Array.of(1), reason: 'odd' };
    await queue.write(rejectedLetter(event({ id: 'a', message: 'x' }), rejected()));
    await queue.write(rejectedLetter(event({ id: 'a', message: 'x', timestamp: 5 }), rejected()));
    await queue.write(rejectedLetter(event({ id: 'a', message: 'y' }), rejected()));
    await queue.write(malformedLetter({ ...record, position: 'p/1' }));
    await queue.write(malformedLetter({ ...record, position: 'p/2' }));
    await queue.write(malformedLetter({ ...record, position: 'p/2' }));
    const counts = (await listed(queue)).map(({ count }) => count).sort();
    expect(counts).toEqual([1, 1, 2, 2]);
  });

  it('lists letters by time, page by page', async () => {
    const { clock, queue } = setUp();
    for (const id of ['c', 'a', 'b']) {
      await queue.write(conflict(id));
      await clock.advance(1);
    }
    const first = await queue.list({ limit: 2 });
    expect(first.letters.map(({ id }) => id)).toEqual(['c', 'a']);
    const second = await queue.list({ limit: 2, after: first.next ?? '' });
    expect(second.letters.map(({ id }) => id)).toEqual(['b']);
    expect(second.next).toBeUndefined();
  });

  it('drops and counts the oldest letters when it is full, and reports it until there is room', async () => {
    const { clock, diagnostics, queue } = setUp({ maxCount: 3 });
    for (let n = 0; n < 5; n += 1) {
      await queue.write(conflict(`i${n}`));
      await clock.advance(1);
      expect(await queue.failureReason()).toEqual(n < 3 ? undefined : expect.stringContaining('is full'));
    }
    expect((await listed(queue)).map(({ id }) => id)).toEqual(['i2', 'i3', 'i4']);
    expect(queue.dropped).toBe(2);
    expect(diagnostics.filter(({ code }) => code === 'dead-letters-dropped')).toHaveLength(2);
    await queue.write(conflict('i3'));
    expect(queue.dropped).toBe(2);
    const [oldest, next] = await listed(queue);
    expect(await queue.delete(oldest?.key ?? '')).toBe(true);
    expect(await queue.failureReason()).toBeDefined();
    expect(await queue.delete(next?.key ?? '')).toBe(true);
    expect(await queue.failureReason()).toBeUndefined();
    await queue.write(conflict('i0'));
    expect(queue.dropped).toBe(2);
  });

  it('drops a hundredth of a large collection at once, and stays full meanwhile', async () => {
    const { documents, queue } = setUp({ maxCount: 300 });
    const reasons = new Set<string | undefined>();
    const { put } = documents;
    documents.put = async (...call) => {
      if (queue.dropped > 0) reasons.add(await queue.failureReason());
      return put(...call);
    };
    for (let n = 0; n < 302; n += 1) await queue.write(conflict(`i${n}`));
    expect(queue.dropped).toBe(3);
    expect(await documents.count('dead-letter')).toBe(299);
    expect([...reasons]).toEqual([expect.stringContaining('3 of the oldest')]);
  });

  it('is no longer full once another process deletes letters', async () => {
    const { create, queue } = setUp({ maxCount: 2 });
    for (const id of ['a', 'b', 'c']) await queue.write(conflict(id));
    expect(await queue.failureReason()).toContain('is full (deadLetters.maxCount: 2); 1 of the oldest');
    const other = create();
    for (const { key } of await listed(other)) await other.delete(key);
    expect(await queue.failureReason()).toBeUndefined();
  });

  it('deletes the index documents together with the letters', async () => {
    const { documents, queue } = setUp({ maxCount: 2 });
    for (const id of ['a', 'b', 'c', 'd']) await queue.write(conflict(id));
    for (const { key } of await listed(queue)) await queue.delete(key);
    expect(await documents.count('dead-letter')).toBe(0);
    expect(await documents.count('dead-letter-index')).toBe(0);
  });

  it('deletes a letter with deleteUnchanged() only if it has not changed', async () => {
    const { queue } = setUp();
    await queue.write(conflict('a'));
    const [{ key } = { key: '' }] = await listed(queue);
    const found = await queue.get(key);
    if (found === undefined) throw new Error('The letter is missing.');
    await queue.write(conflict('a'));
    expect(await queue.deleteUnchanged(found)).toBe(false);
    expect(await listed(queue)).toMatchObject([{ id: 'a', count: 2 }]);
    expect(await queue.delete(key)).toBe(true);
    expect(await queue.delete(key)).toBe(false);
  });

  it('writes the letter again when it is deleted while its count is increased', async () => {
    const documents = createMemoryDocuments();
    const { get } = documents;
    let onRead = async (): Promise<void> => {};
    documents.get = async (kind, key) => {
      const found = await get(kind, key);
      if (kind === 'dead-letter') await onRead();
      return found;
    };
    const { queue } = setUp({ documents });
    await queue.write(conflict('a'));
    const [{ key } = { key: '' }] = await listed(queue);
    onRead = async () => {
      onRead = async () => {};
      await queue.delete(key);
    };
    await queue.write(conflict('a'));
    expect(await listed(queue)).toMatchObject([{ id: 'a', count: 1 }]);
  });

  it('counts every conflict when many processes write at once', async () => {
    const { create, queue } = setUp();
    await Promise.all(Array.from({ length: 20 }, () => create().write(conflict('a'))));
    const letters = await listed(queue);
    expect(letters.reduce((sum, { count }) => sum + count, 0)).toBe(20);
  });

  it('adds to a letter that another process creates at the same time', async () => {
    const documents = createMemoryDocuments();
    const { count } = documents;
    const { create, queue } = setUp({ documents });
    let isFirst = true;
    documents.count = async (kind) => {
      if (isFirst) {
        isFirst = false;
        await create().write(conflict('a', 'first'));
      }
      return count(kind);
    };
    await queue.write(conflict('a', 'second'));
    expect(await listed(queue)).toMatchObject([{ id: 'a', count: 2 }]);
  });

  it('counts dropped letters even if the documents fail in between', async () => {
    const { documents, queue } = setUp({ maxCount: 1 });
    await queue.write(conflict('a'));
    const { count } = documents;
    documents.count = (kind) => (queue.dropped > 0 ? Promise.reject(new Error('away')) : count(kind));
    await expect(queue.write(conflict('b'))).rejects.toThrow('away');
    documents.count = count;
    await queue.write(conflict('b'));
    expect(queue.dropped).toBe(1);
    expect(await listed(queue)).toMatchObject([{ id: 'b', count: 1 }]);
  });

  it('replaces an index that a killed process left without a letter', async () => {
    const { documents, queue } = setUp();
    const letter = conflict('a');
    const { put } = documents;
    documents.put = (kind, ...rest) =>
      kind === 'dead-letter' ? Promise.reject(new Error('killed')) : put(kind, ...rest);
    await expect(queue.write(letter)).rejects.toThrow('killed');
    documents.put = put;
    await queue.write(letter);
    expect(await listed(queue)).toMatchObject([{ id: 'a', count: 1 }]);
  });

  it('reads, drops and deletes letters of earlier versions, which count as the oldest', async () => {
    const { documents, queue } = setUp({ maxCount: 3 });
    const value = { reason: 'rejected', message: 'old', at: 5, id: 'x', bytes: 1 };
    for (const key of ['0'.repeat(32), 'f'.repeat(32)])
      await documents.put('dead-letter', key, { value, blob: Uint8Array.of(1) }, { revision: null });
    await queue.write(conflict('a'));
    expect(await listed(queue)).toMatchObject([
      { key: '0'.repeat(32), id: 'x', message: 'old', count: 1, at: 5, lastAt: 5 },
      { key: 'f'.repeat(32) },
      { id: 'a' },
    ]);
    expect((await queue.get('f'.repeat(32)))?.bytes).toEqual(Uint8Array.of(1));
    await queue.write(conflict('b'));
    expect((await listed(queue)).map(({ id }) => id)).toEqual(['x', 'a', 'b']);
    expect(await queue.delete('f'.repeat(32))).toBe(true);
    expect((await listed(queue)).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('reports each letter to the diagnostics, with the id and without content', async () => {
    const { diagnostics, queue } = setUp();
    await queue.write({ ...conflict('a\u0007', 'secret'), count: 3 });
    await queue.write(rejectedLetter(event({ id: 'b', message: 'secret' }), rejected()));
    await queue.write(malformedLetter({ bytes: Buffer.from('secret'), position: 'p/1', reason: 'secret' }));
    expect(diagnostics).toMatchObject([
      { level: 'warn', component: 'dead-letters', code: 'id-conflict', details: { id: 'a\u0007', count: 3 } },
      { code: 'rejected', details: { id: 'b', count: 1 } },
      { code: 'malformed', details: { position: 'p/1', count: 1 } },
    ]);
    expect(diagnostics[0]?.message).toContain('"a\\u0007"');
    expect(JSON.stringify(diagnostics)).not.toContain('secret');
  });

  it('reports that letters in memory are lost when the process ends', async () => {
    const { diagnostics, queue } = setUp({ isVolatile: true });
    expect(await queue.failureReason()).toBeUndefined();
    await queue.write(conflict('a'));
    expect(await queue.failureReason()).toContain('deadLetters.documents');
    expect(diagnostics.map(({ code }) => code)).toEqual(['id-conflict', 'dead-letters-volatile']);
    const [{ key } = { key: '' }] = await listed(queue);
    await queue.delete(key);
    expect(await queue.failureReason()).toBeUndefined();
  });
});
