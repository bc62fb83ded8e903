import { describe, expect, it } from 'vitest';
import { MAX_BLOB_BYTES } from '../../src/contracts/documents';
import { malformedLetter } from '../../src/delivery/dead-letter';
import { createMemoryDocuments } from '../../src/memory/memory-documents';
import { conflict, listed, setUp } from './dead-letter-queue-support';

describe('DeadLetterQueue', () => {
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
});
