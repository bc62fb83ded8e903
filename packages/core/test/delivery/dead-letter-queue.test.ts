import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../src/util/clock';
import type { DocumentStore } from '../../src/contracts/documents';
import { MAX_BLOB_BYTES } from '../../src/contracts/documents';
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
    await queue.write([conflict('a', 'first')]);
    await clock.advance(1_000);
    await queue.write([conflict('b')]);
    await clock.advance(1_000);
    await queue.write([{ ...conflict('a', 'second'), count: 5 }]);
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
    await queue.write([conflict('a')]);
    await create().write([conflict('a')]);
    expect(await listed(queue)).toMatchObject([{ id: 'a', count: 2 }]);
  });

  it('keeps separate letters for different content, and for records at different positions', async () => {
    const { queue } = setUp();
    const record = { bytes: Uint8Array.of(1), reason: 'odd' };
    await queue.write([rejectedLetter(event({ id: 'a', message: 'x' }), rejected())]);
    await queue.write([rejectedLetter(event({ id: 'a', message: 'x', timestamp: 5 }), rejected())]);
    await queue.write([rejectedLetter(event({ id: 'a', message: 'y' }), rejected())]);
    await queue.write([malformedLetter({ ...record, position: 'p/1' })]);
    await queue.write([malformedLetter({ ...record, position: 'p/2' })]);
    await queue.write([malformedLetter({ ...record, position: 'p/2' })]);
    const counts = (await listed(queue)).map(({ count }) => count).sort();
    expect(counts).toEqual([1, 1, 2, 2]);
  });

  it('lists letters by time, page by page', async () => {
    const { clock, queue } = setUp();
    for (const id of ['c', 'a', 'b']) {
      await queue.write([conflict(id)]);
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

  it('deletes the index documents together with the letters', async () => {
    const { documents, queue } = setUp({ maxCount: 2 });
    for (const id of ['a', 'b', 'c', 'd']) await queue.write([conflict(id)]);
    for (const { key } of await listed(queue)) await queue.delete(key);
    expect(await documents.count('dead-letter')).toBe(0);
    expect(await documents.count('dead-letter-index')).toBe(0);
  });

  it('deletes a letter with deleteUnchanged() only if it has not changed', async () => {
    const { queue } = setUp();
    await queue.write([conflict('a')]);
    const [{ key } = { key: '' }] = await listed(queue);
    const found = await queue.get(key);
    if (found === undefined) throw new Error('The letter is missing.');
    await queue.write([conflict('a')]);
    expect(await queue.deleteUnchanged(found)).toBe(false);
    expect(await listed(queue)).toMatchObject([{ id: 'a', count: 2 }]);
    expect(await queue.delete(key)).toBe(true);
    expect(await queue.delete(key)).toBe(false);
  });

  it('deletes an unchanged letter with deleteUnchanged() although its index changes meanwhile', async () => {
    const { documents, queue } = setUp();
    const letter = conflict('a');
    await queue.write([letter]);
    const [{ key } = { key: '' }] = await listed(queue);
    const found = await queue.get(key);
    if (found === undefined) throw new Error('The letter is missing.');
    const { write } = documents;
    documents.write = async (changes) => {
      documents.write = write;
      const { revision = null } = (await documents.get('dead-letter-index', letter.identity)) ?? {};
      await documents.put('dead-letter-index', letter.identity, { value: { key } }, { revision });
      return write(changes);
    };
    expect(await queue.deleteUnchanged(found)).toBe(true);
    expect(await documents.count('dead-letter-index')).toBe(0);
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
    await queue.write([conflict('a')]);
    const [{ key } = { key: '' }] = await listed(queue);
    onRead = async () => {
      onRead = async () => {};
      await queue.delete(key);
    };
    await queue.write([conflict('a')]);
    expect(await listed(queue)).toMatchObject([{ id: 'a', count: 1 }]);
  });

  it('writes at most a hundred letters and 4 MiB in one transaction', async () => {
    const { queue } = setUp({ maxCount: 1_000 });
    const small = Array.from({ length: 101 }, (_, n) => conflict(`i${n}`));
    expect(await queue.write(small)).toEqual(small.slice(0, 100));
    const sized = (bytes: number, n: number) =>
      malformedLetter({ bytes: new Uint8Array(bytes), position: `p/${n}`, reason: 'odd' });
    const mib = 1024 * 1024;
    const large = [3 * mib, mib, 1, 5 * mib].map(sized);
    expect(await queue.write(large)).toEqual(large.slice(0, 2));
    expect(await queue.write(large.slice(2))).toEqual(large.slice(2, 3));
    expect(await queue.write(large.slice(3))).toEqual(large.slice(3));
    expect(await listed(queue)).toHaveLength(104);
  });

  it('cuts the bytes of a letter to the largest blob', async () => {
    const { queue } = setUp();
    const bytes = new Uint8Array(MAX_BLOB_BYTES + 1);
    await queue.write([malformedLetter({ bytes, position: 'p/1', reason: 'large' })]);
    const [{ key } = { key: '' }] = await listed(queue);
    expect((await queue.get(key))?.bytes).toHaveLength(MAX_BLOB_BYTES);
  });

  it('adds to letters that are larger than a single write', async () => {
    const { documents, queue } = setUp();
    const letters = Array.from({ length: 3 }, (_, n) => conflict(`i${n}`));
    for (const letter of letters) await queue.write([{ ...letter, bytes: new Uint8Array(8 * 1024 * 1024) }]);
    const { write } = documents;
    const sizes: number[] = [];
    documents.write = (changes) => {
      sizes.push(changes.length);
      return write(changes);
    };
    expect(await queue.write(letters)).toEqual(letters.slice(0, 2));
    expect(await queue.write(letters.slice(2))).toEqual(letters.slice(2));
    expect(sizes).toEqual([2, 1]);
    expect((await listed(queue)).map(({ count }) => count)).toEqual([2, 2, 2]);
  });

  it('writes fewer letters in one transaction while another writer is first', async () => {
    const { create, documents, queue } = setUp();
    const letters = Array.from({ length: 4 }, (_, n) => conflict(`i${n}`));
    const { write } = documents;
    let races = 2;
    documents.write = async (changes) => {
      if (races-- > 0) {
        documents.write = write;
        await create().write([conflict('i0')]);
        documents.write = racing;
      }
      return write(changes);
    };
    const racing = documents.write;
    expect(await queue.write(letters)).toEqual(letters.slice(0, 1));
    expect(await listed(queue)).toMatchObject([{ id: 'i0', count: 3 }]);
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

  it('counts every conflict when many processes write concurrently', async () => {
    const { create, queue } = setUp();
    await Promise.all(Array.from({ length: 20 }, () => create().write([conflict('a')])));
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
        await create().write([conflict('a', 'first')]);
      }
      return count(kind);
    };
    await queue.write([conflict('a', 'second')]);
    expect(await listed(queue)).toMatchObject([{ id: 'a', count: 2 }]);
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

  it('replaces an index that an earlier version left without a letter', async () => {
    const { documents, queue } = setUp();
    const letter = conflict('a');
    const value = { key: 'gone' };
    await documents.put('dead-letter-index', letter.identity, { value }, { revision: null });
    await queue.write([letter]);
    expect(await listed(queue)).toMatchObject([{ id: 'a', count: 1 }]);
  });

  it('reads, drops and deletes letters of earlier versions, which count as the oldest', async () => {
    const { documents, queue } = setUp({ maxCount: 3 });
    const value = { reason: 'rejected', message: 'old', at: 5, id: 'x', bytes: 1 };
    for (const key of ['0'.repeat(32), 'f'.repeat(32)])
      await documents.put('dead-letter', key, { value, blob: Uint8Array.of(1) }, { revision: null });
    await queue.write([conflict('a')]);
    expect(await listed(queue)).toMatchObject([
      { key: '0'.repeat(32), id: 'x', message: 'old', count: 1, at: 5, lastAt: 5 },
      { key: 'f'.repeat(32) },
      { id: 'a' },
    ]);
    expect((await queue.get('f'.repeat(32)))?.bytes).toEqual(Uint8Array.of(1));
    await queue.write([conflict('b')]);
    expect((await listed(queue)).map(({ id }) => id)).toEqual(['x', 'a', 'b']);
    expect(await queue.delete('f'.repeat(32))).toBe(true);
    expect((await listed(queue)).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('reports each letter to the diagnostics, with the id and without content', async () => {
    const { diagnostics, queue } = setUp();
    await queue.write([{ ...conflict('a\u0007', 'secret'), count: 3 }]);
    await queue.write([rejectedLetter(event({ id: 'b', message: 'secret' }), rejected())]);
    await queue.write([malformedLetter({ bytes: Buffer.from('secret'), position: 'p/1', reason: 'secret' })]);
    expect(diagnostics).toMatchObject([
      { level: 'warn', component: 'dead-letters', code: 'id-conflict', details: { id: 'a\u0007', count: 3 } },
      { code: 'rejected', details: { id: 'b', count: 1 } },
      { code: 'malformed', details: { position: 'p/1', count: 1 } },
    ]);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'Event "a\\u0007" is already stored with different content; the later event became a dead letter (3 times).',
      'Event "b" was rejected by the store and became a dead letter.',
      'Record "p/1" is not a valid event and became a dead letter.',
    ]);
    expect(JSON.stringify(diagnostics)).not.toContain('secret');
  });

  it('reports that letters in memory are lost when the process ends', async () => {
    const { diagnostics, queue } = setUp({ isVolatile: true });
    expect(await queue.failureReason()).toBeUndefined();
    await queue.write([conflict('a')]);
    expect(await queue.failureReason()).toContain('deadLetters.documents');
    expect(diagnostics.map(({ code }) => code)).toEqual(['id-conflict', 'dead-letters-volatile']);
    const [{ key } = { key: '' }] = await listed(queue);
    await queue.delete(key);
    expect(await queue.failureReason()).toBeUndefined();
  });
});
