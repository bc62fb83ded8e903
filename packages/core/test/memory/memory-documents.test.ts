import { describe, expect, it } from 'vitest';
import { MAX_BLOB_BYTES, MAX_DOCUMENT_BYTES } from '../../src/contracts/documents';
import { createMemoryDocuments } from '../../src/memory/memory-documents';

const invalid = { code: 'VIGILANT_QUERY_INVALID' };

describe('memory documents', () => {
  it('accept a value of exactly the limit and reject a larger one', async () => {
    const documents = createMemoryDocuments();
    const text = 'x'.repeat(MAX_DOCUMENT_BYTES - '{"text":""}'.length);
    expect(await documents.put('k', 'a', { value: { text } }, { revision: null })).toEqual(
      expect.any(String),
    );
    const larger = documents.put('k', 'b', { value: { text: `${text}x` } }, { revision: null });
    await expect(larger).rejects.toMatchObject(invalid);
    expect(await documents.get('k', 'b')).toBeUndefined();
  });

  it('accept a blob of exactly the limit and reject a larger one', async () => {
    const documents = createMemoryDocuments();
    const put = (bytes: number) =>
      documents.put('k', `${bytes}`, { value: {}, blob: new Uint8Array(bytes) }, { revision: null });
    expect(await put(MAX_BLOB_BYTES)).toEqual(expect.any(String));
    await expect(put(MAX_BLOB_BYTES + 1)).rejects.toMatchObject(invalid);
  });

  it('keep copies of values and blobs', async () => {
    const documents = createMemoryDocuments();
    const [value, blob] = [{ list: [1] }, Uint8Array.of(1)];
    await documents.put('k', 'a', { value, blob }, { revision: null });
    value.list.push(2);
    blob[0] = 2;
    expect(await documents.get('k', 'a')).toMatchObject({ value: { list: [1] }, blob: Uint8Array.of(1) });
  });
});
