import type { EncodedChange } from '@vigilant/core/adapter';
import { describe, expect, it } from 'vitest';
import { writeDocuments } from '../../src/documents/write-documents';
import type { MysqlSession } from '../../src/connection/mysql-session';
import type { StoreState } from '../../src/pool/store-state';
import { nameTables } from '../../src/sql/tables';

const LOST = Object.assign(new Error('lost'), { code: 'PROTOCOL_CONNECTION_LOST', fatal: true });
const DEADLOCK = Object.assign(new Error('deadlock'), { code: 'ER_LOCK_DEADLOCK', errno: 1213 });
/** A statement of the transaction failed because a document has another revision. */
const CHANGED = Object.assign(new Error('changed'), { code: 'ER_BAD_NULL_ERROR', errno: 1048 });

/** The epoch, the last sequence and the last revision. */
const STATE = ['a', '5', '9'];

const CONTENT = { json: '{}', blob: undefined };
const PUT: EncodedChange = { kind: 'view', key: 'a', revision: '1', content: CONTENT };
const DELETE: EncodedChange = { kind: 'view', key: 'b', revision: '2', content: undefined };

/** Writes on a server whose transactions fail with some errors in turn and which then has some documents of this write. */
function writeTo(
  server: { errors: readonly unknown[]; current: readonly string[] },
  changes: readonly EncodedChange[],
  onWrite: (state: StoreState) => void = () => {},
) {
  const errors = [...server.errors];
  const session = {
    nextNumber: async () => 9,
    async transaction() {
      if (errors.length > 0) throw errors.shift();
      return [[STATE]];
    },
    rows: async (_: string, [, key]: readonly Buffer[] = []) => {
      if (key === undefined) return [STATE];
      return server.current.includes(String(key)) ? [[1]] : [];
    },
  } as unknown as MysqlSession;
  const write = async <T>(work: (session: MysqlSession) => Promise<T>): Promise<T> =>
    work(session).catch(() => work(session));
  return writeDocuments({ tables: nameTables('x_'), write, onWrite }, changes);
}

describe('writeDocuments', () => {
  it('resolves to the new revisions if the connection is lost after the commit', async () => {
    const server = { errors: [LOST, CHANGED], current: ['c'] };
    const changes = [PUT, DELETE, { ...PUT, key: 'c' }];
    expect(await writeTo(server, changes)).toEqual(['8', '9']);
  });

  it.each([
    ['the documents have changed since', [PUT, DELETE]],
    ['the documents were only deleted', [DELETE]],
  ])('rejects if the connection is lost and %s', async (_, changes) => {
    await expect(writeTo({ errors: [LOST, CHANGED], current: [] }, changes)).rejects.toMatchObject({
      code: 'VIGILANT_STORE_UNAVAILABLE',
      retryable: true,
      message: expect.stringContaining('Read them before writing them again') as string,
    });
  });

  it.each([
    ['a commit', [], []],
    ['a commit whose answer is lost', [LOST, CHANGED], ['a']],
    ['a write that changes nothing', [CHANGED], []],
  ])('reports the state of the store after %s', async (_, errors, current) => {
    const states: StoreState[] = [];
    await writeTo({ errors, current }, [PUT], (state) => states.push(state));
    expect(states).toEqual([{ epoch: 'a', lastSequence: 5, lastRevision: 9 }]);
  });

  it('resolves to nothing if a document has changed, also after a deadlock', async () => {
    expect(await writeTo({ errors: [CHANGED], current: [] }, [PUT])).toBeUndefined();
    expect(await writeTo({ errors: [DEADLOCK, CHANGED], current: [] }, [PUT])).toBeUndefined();
  });
});
