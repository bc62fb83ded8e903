import { describe, expect, it } from 'vitest';
import { malformedLetter, rejectedLetter } from '../../src/delivery/dead-letter';
import { decodeEvent } from '../../src/event/codec';
import { event, rejected } from '../support';
import { conflict, listed, setUp } from './dead-letter-queue-support';

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
