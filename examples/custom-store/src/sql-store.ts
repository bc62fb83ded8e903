import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';
import { LEVELS, VigilantError } from '@vigilant/core';
import {
  LEVEL_RANKS,
  RowEvent,
  abortable,
  checkRetentionPolicy,
  compileToSql,
  createPageEvents,
  encodedSize,
  exactSql,
  expiryTime,
  sameContent,
  scanWindows,
  searchJsonText,
  sleep,
  supersetSql,
  timeRangeOf,
  toMicros,
  toVigilantError,
} from '@vigilant/core/adapter';
import type { ScanWindow, SqlCondition, SqlDialect, WindowEnd } from '@vigilant/core/adapter';
import type {
  AdapterContext,
  AppendResult,
  Event,
  EventPage,
  EventPosition,
  EventQuery,
  Level,
  PruneResult,
  RetentionPolicy,
  Store,
  StoredEvent,
  StoreStatus,
} from '@vigilant/core';

type Value = string | number;

/** The row of `store` has the counters. Every transaction that writes locks it first, so sequences become visible in order. */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS store (
  "only" INTEGER PRIMARY KEY, epoch TEXT NOT NULL, events INTEGER NOT NULL, bytes INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL, pruned_through INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS event (
  sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, timestamp INTEGER NOT NULL, received_at INTEGER NOT NULL,
  level INTEGER NOT NULL, severity INTEGER NOT NULL, message TEXT NOT NULL, origin TEXT NOT NULL,
  source TEXT NOT NULL, type TEXT NOT NULL, "group" TEXT NOT NULL, tags TEXT NOT NULL, data TEXT NOT NULL,
  bytes INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS by_time ON event (timestamp, sequence);`;

/** The columns in the order that `RowEvent` requires. */
const COLUMNS =
  'sequence, id, timestamp, received_at, level, severity, message, origin, source, type, "group", tags, data';

/** How each order sorts, and the condition of the rows after a position, which consists of integers. */
const ORDERS = {
  newest: {
    by: 'timestamp DESC, sequence DESC',
    isAfter: (p: EventPosition) => `(timestamp, sequence) < (${p.timestamp}, ${p.sequence})`,
  },
  oldest: {
    by: 'timestamp, sequence',
    isAfter: (p: EventPosition) => `(timestamp, sequence) > (${p.timestamp}, ${p.sequence})`,
  },
  arrival: { by: 'sequence', isAfter: (p: EventPosition) => `sequence > ${p.sequence}` },
};

const JSON_TEXT = searchJsonText<Value>((column, json, bind) => `instr(${column}, ${bind(json)}) > 0`);

const DIALECT: SqlDialect<Value> = {
  always: '1',
  never: '0',
  placeholder: () => '?',
  equals: (field, value, bind) => exactSql(`"${field}" = ${bind(value)}`),
  // LIKE would ignore case and treat % as a wildcard. Texts that sort after the prefix are a superset of those that start with it.
  startsWith: (field, value, bind) => supersetSql(`"${field}" >= ${bind(value)}`),
  // lower() supports only ASCII here, so the matcher decides.
  messageContains: () => undefined,
  compares: (field, operator, value, bind) => exactSql(`"${field}" ${operator} ${bind(value)}`),
  isPresent: (field) => exactSql(field === 'tags' ? `tags <> '[]'` : `"${field}" <> ''`),
  hasTag: JSON_TEXT.hasTag,
  matchesData: JSON_TEXT.matchesData,
};

/** Maximum number of events that one step of `prune` examines. Appends run between two steps. */
const PRUNE_STEP = 2_000;

/** Creates a store in an SQLite file. Several processes can open it. */
export function createSqlStore(path: string): Store {
  return new SqlStore(path);
}

/** An open database and the services of the engine. */
interface Opened {
  readonly database: Database.Database;
  readonly context: AdapterContext;
}

class SqlStore implements Store {
  readonly capabilities = Object.freeze({ durability: 'disk', shared: true, filtering: 'exact' } as const);
  readonly #path: string;
  readonly #running = new Set<Promise<unknown>>();
  #opened: Opened | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async open(context: AdapterContext): Promise<void> {
    try {
      const database = new Database(this.#path, { timeout: 1_000 });
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = FULL');
      database.exec(SCHEMA);
      database.prepare('INSERT OR IGNORE INTO store VALUES (1, ?, 0, 0, 0, 0)').run(randomUUID());
      this.#opened = { database, context };
    } catch (error) {
      throw this.#translate(error);
    }
  }

  append(batch: readonly Event[]): Promise<AppendResult> {
    return this.#run(({ database }) => database.transaction(() => insert(database, batch)).immediate());
  }

  get(id: string): Promise<StoredEvent | undefined> {
    return this.#run(({ database }) => findEvent(database, id));
  }

  query(query: EventQuery): Promise<EventPage> {
    return this.#run(async ({ database, context }) => {
      // Read before the rows, so that the page contains every event up to its asOf.
      const { epoch, lastSequence } = readStatus(database);
      const condition = compileToSql(query.filter, DIALECT);
      const page = createPageEvents(query);
      const rest = await scanWindows(
        query,
        {
          clock: context.clock,
          epoch,
          lastSequence,
          isExact: condition.isExact,
          readWindow: (window) => readWindow(database, query, condition, window),
        },
        page,
      );
      return { ...rest, events: page.events };
    }, query.signal);
  }

  status(): Promise<StoreStatus> {
    return this.#run(({ database }) => readStatus(database));
  }

  prune({ signal, ...policy }: RetentionPolicy): Promise<PruneResult> {
    return this.#run(async ({ database, context: { clock } }) => {
      checkRetentionPolicy(policy);
      let deleted = 0;
      for (let from = 0; ;) {
        if (signal?.aborted === true) return { deleted, complete: false };
        const startedAt = clock.monotonic();
        const step = database.transaction(() => pruneStep(database, policy, from)).immediate();
        deleted += step.deleted;
        if (step.through === undefined) return { deleted, complete: true };
        from = step.through;
        // A pause as long as the step lets other processes write.
        await sleep(clock, clock.monotonic() - startedAt, undefined, { keepAlive: true });
      }
    });
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened === undefined) return;
    const { signal } = opened.context;
    await abortable(Promise.allSettled(this.#running), signal).catch(() => {});
    opened.database.close();
  }

  /** Runs a call while the store is open. `close` waits for it, unless the engine aborts the signal of the context. */
  async #run<T>(work: (opened: Opened) => T | Promise<T>, signal?: AbortSignal): Promise<T> {
    const opened = this.#opened;
    if (opened === undefined) throw closed();
    const call = (async () => work(opened))();
    this.#running.add(call);
    try {
      return await abortable(call, opened.context.signal);
    } catch (error) {
      // The caller of a query expects the reason of its own signal.
      if (signal?.aborted === true && error === signal.reason) throw error;
      if (this.#opened !== opened || opened.context.signal.aborted) throw closed();
      throw this.#translate(error);
    } finally {
      this.#running.delete(call);
    }
  }

  /** Every error of this database is a failure of the database: it rejects no event because of its content. */
  #translate(error: unknown): VigilantError {
    return toVigilantError(error, 'VIGILANT_STORE_UNAVAILABLE', `${this.#path} cannot be used`);
  }
}

function closed(): VigilantError {
  return new VigilantError('VIGILANT_STORE_CLOSED', 'The store is not open. Call open() first.');
}

/** Inserts a batch. Runs in a transaction that has locked the row of `store`, here with the whole database. */
function insert(database: Database.Database, batch: readonly Event[]): AppendResult {
  const statement = database.prepare(
    `INSERT INTO event VALUES (${'?, '.repeat(13)}?) ON CONFLICT (id) DO NOTHING`,
  );
  let { lastSequence } = readStatus(database);
  let inserted = 0;
  let bytes = 0;
  const conflicts: number[] = [];
  for (const [index, event] of batch.entries()) {
    const size = encodedSize(event);
    if (statement.run(toRow(lastSequence + 1, event, size)).changes === 1) {
      lastSequence += 1;
      inserted += 1;
      bytes += size;
    } else if (!sameContent(findEvent(database, event.id) as StoredEvent, event)) conflicts.push(index);
  }
  database
    .prepare('UPDATE store SET events = events + ?, bytes = bytes + ?, last_sequence = ?')
    .run(inserted, bytes, lastSequence);
  return { inserted, duplicates: batch.length - inserted - conflicts.length, conflicts };
}

function toRow(sequence: number, event: Event, bytes: number): Value[] {
  const { id, severity, message, origin, source, type, group, tags, data } = event;
  const times = [toMicros(event.timestamp), toMicros(event.receivedAt)];
  const texts = [message, origin, source, type, group, JSON.stringify(tags), JSON.stringify(data)];
  return [sequence, id, ...times, LEVEL_RANKS[event.level], severity, ...texts, bytes];
}

function findEvent(database: Database.Database, id: string): StoredEvent | undefined {
  const row = database.prepare(`SELECT ${COLUMNS} FROM event WHERE id = ?`).raw().get(id);
  return row === undefined ? undefined : readRow(row);
}

function readRow(row: unknown): StoredEvent {
  return new RowEvent(row as unknown[], String).toStoredEvent();
}

function readStatus(database: Database.Database): StoreStatus {
  const columns = 'epoch, events, bytes, last_sequence, pruned_through';
  const row = database.prepare(`SELECT ${columns} FROM store`).raw().get();
  const [epoch, events, bytes, lastSequence, prunedThrough] = row as [string, number, number, number, number];
  return { epoch, events, bytes, lastSequence, prunedThrough, state: 'ready' };
}

/** Examines the rows of a window in one statement, so that rows that another process appends cannot shift it. */
function readWindow(
  database: Database.Database,
  { filter, order }: EventQuery,
  condition: SqlCondition<Value>,
  { after, asOf, size, offer }: ScanWindow<StoredEvent>,
): WindowEnd {
  const { by, isAfter } = ORDERS[order];
  const { from = -Infinity, until = Infinity } = timeRangeOf(filter);
  const bounds = ['timestamp >= ?', 'timestamp < ?', after === undefined ? '1' : isAfter(after)];
  const positions = database
    .prepare(
      `SELECT timestamp, sequence, sequence <= ? AND (${condition.sql}) FROM event
      WHERE ${bounds.join(' AND ')} ORDER BY ${by} LIMIT ?`,
    )
    .raw()
    .all(asOf, ...condition.parameters, from, until, size) as [number, number, number][];
  // A database on a server would read many rows in one statement.
  const statement = database.prepare(`SELECT ${COLUMNS} FROM event WHERE sequence = ?`).raw();
  const scanned = positions.length;
  for (const [timestamp, sequence, isCandidate] of positions) {
    const row = isCandidate === 1 ? statement.get(sequence) : undefined;
    // A row that was pruned meanwhile is absent.
    if (row !== undefined && !offer(readRow(row))) return { end: { timestamp, sequence }, scanned };
  }
  const [timestamp, sequence] = positions.at(-1) ?? [0, 0];
  return { end: scanned < size ? undefined : { timestamp, sequence }, scanned };
}

/** Deletes the expired events among the next ones. `through` is the last one that was examined, if others follow. */
function pruneStep(
  database: Database.Database,
  policy: RetentionPolicy,
  from: number,
): { readonly deleted: number; readonly through?: number } {
  const { maxEvents = Infinity, maxBytes = Infinity } = policy;
  const status = readStatus(database);
  let { events, bytes = 0, prunedThrough } = status;
  const rows = database
    .prepare(
      'SELECT sequence, received_at, level, bytes FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?',
    )
    .raw()
    .all(from, PRUNE_STEP) as [number, number, number, number][];
  const statement = database.prepare('DELETE FROM event WHERE sequence = ?');
  for (const [sequence, receivedAt, rank, size] of rows) {
    const isOld = receivedAt < expiryTime(policy, LEVELS[rank] as Level) * 1000;
    if (!isOld && events <= maxEvents && bytes <= maxBytes) continue;
    statement.run(sequence);
    events -= 1;
    bytes -= size;
    prunedThrough = Math.max(prunedThrough, sequence);
  }
  database
    .prepare('UPDATE store SET events = ?, bytes = ?, pruned_through = ?')
    .run(events, bytes, prunedThrough);
  const deleted = status.events - events;
  const through = rows.at(-1)?.[0];
  return rows.length < PRUNE_STEP || through === undefined ? { deleted } : { deleted, through };
}
