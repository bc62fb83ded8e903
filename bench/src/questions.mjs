// The questions of the benchmark, each for Vigilant, as the best SQL for plain rows (F7), and in LogsQL.
import { END_MS, START_MS } from './d1.mjs';
import { createRandom } from './random.mjs';

const DEADLINE_MS = 60_000;
const PAGE = 100;
const DEPTH = 10_000;
const HOUR_MS = 3_600_000;
const USERS = 50_000;
/** 60 buckets of 20 minutes, aligned to the minute, and the same with uneven ends. */
const RANGE = { since: START_MS + 2 * HOUR_MS, until: END_MS - 2 * HOUR_MS };
const UNEVEN_RANGE = { since: RANGE.since + 17_333, until: RANGE.until - 23_777 };
const BUCKET_MS = 20 * 60_000;
const LOGSQL_PARAMETERS = {
  query: { limit: PAGE },
  hits: { start: RANGE.since / 1_000, end: RANGE.until / 1_000, step: '20m', field: 'level' },
  facets: { limit: 10 },
};

const SELECT = 'SELECT * FROM event';
const NEWEST = `ORDER BY timestamp DESC, sequence DESC LIMIT ${PAGE}`;
const FIXED = ['level', 'origin', 'source', 'type', '"group"'];

/**
 * Returns the questions. Each has
 * - `ask(vigilant, n, read)`: asks it for the n-th time, with further options, and returns the number of events that the
 *   answer contains or counts;
 * - `prepareSql(database)`: returns the function that does the same with SQL;
 * - `logsql(n)`: path and parameters of the request to VictoriaLogs, or `undefined`;
 * - `limit`: the target in milliseconds, if there is one; `why`: the reason if it is missed.
 */
export function createQuestions() {
  const commonWord = 'connection';
  return [
    { key: 'newest', what: 'newest 100', ...page(''), sql: `${SELECT} ${NEWEST}`, logs: () => '*', limit: 5 },
    deepPage(),
    source('common', 'module-0'),
    source(
      'rare',
      'module-39',
      'The events are in about 50 blocks. Reading the columns of one takes 0.2 ms.',
    ),
    text('rare-word', 'rare word, 50 events', () => 'zanzibar', { limit: 25, logs: (word) => `${word}*` }),
    text('absent-word', 'absent word', (n) => `nothing-matches-${n}`, { limit: 10 }),
    text('absent-hex', 'absent hexadecimal text', (n) => createRandom(n + 7_000_000).hex(16), { limit: 10 }),
    text('frequent-word', 'frequent word', () => commonWord, { limit: 2 }),
    {
      key: 'data',
      what: '`data.userId:x`, all its events',
      ...page((n) => `data.userId:${userOf(n)}`, { limit: 1_000 }),
      sql: `${SELECT} WHERE instr(data, ?) AND json_extract(data, '$.userId') = ? ORDER BY timestamp DESC, sequence DESC`,
      parameters: (n) => [`"userId":${userOf(n)},`, userOf(n)],
      logs: (n) => `data.userId:=${userOf(n)}`,
      limit: 12,
      why: 'The events are in about 20 blocks, and all columns of each are read.',
    },
    {
      key: 'histogram',
      what: 'histogram of 60 buckets by level',
      ...histogram('', RANGE),
      ...buckets('', RANGE),
      logs: () => '*',
      logsPath: 'hits',
      limit: 5,
    },
    {
      key: 'histogram-uneven',
      what: 'the same with ends within a minute',
      ...histogram('', UNEVEN_RANGE),
      ...buckets('', UNEVEN_RANGE),
      limit: 5,
      why: 'Because 1 % of the events are late, nearly every block has some in a minute on the border of a bucket. The timestamps of these blocks are read.',
    },
    {
      key: 'histogram-text',
      what: 'histogram of a frequent word',
      ...histogram(commonWord, RANGE),
      ...buckets("AND instr(message, 'connection')", RANGE),
      logs: () => commonWord,
      logsPath: 'hits',
      limit: 100,
      why: 'Each block is read, which takes 1 ms. The target is that of a first partial answer.',
    },
    facets(),
    {
      key: 'count',
      what: 'count with level and source',
      ...histogram('level>=WARN source:module-3', { buckets: 1 }),
      sql: "SELECT count(*) AS n FROM event WHERE level >= 2 AND source = 'module-3'",
      logs: () => '{source="module-3"} level:in("WARN","ERROR") | count()',
    },
    order('oldest', 'timestamp, sequence'),
    order('arrival', 'sequence'),
    byId(),
  ].map(complete);
}

const userOf = (n) => createRandom(n + 1).int(USERS);

/** Fills in the functions that most questions share. */
function complete({ sql, parameters = () => [], logs, logsPath = 'query', ...question }) {
  const rest = LOGSQL_PARAMETERS[logsPath];
  return {
    prepareSql(database) {
      const statement = database.prepare(sql);
      return (n) => {
        const rows = statement.all(...parameters(n));
        return rows[0]?.n === undefined ? rows.length : rows.reduce((sum, row) => sum + row.n, 0);
      };
    },
    logsql: (n) =>
      logs === undefined ? undefined : { path: logsPath, parameters: { query: logs(n), ...rest } },
    ...question,
  };
}

/** Asks for a page of events. The filter may depend on the number of the call. */
function page(filter, options = {}) {
  return {
    async ask(vigilant, n, read) {
      const text = typeof filter === 'string' ? filter : filter(n);
      const result = await vigilant.query(text, {
        limit: PAGE,
        deadlineMs: DEADLINE_MS,
        ...options,
        ...read,
      });
      return result.events.length;
    },
  };
}

function source(frequency, name, why) {
  return {
    key: `${frequency}-source`,
    what: `newest 100 ERRORs of a ${frequency} source`,
    ...page(`level>=ERROR source:${name}`),
    sql: `${SELECT} WHERE level >= 3 AND source = '${name}' ${NEWEST}`,
    logs: () => `{source="${name}"} level:=ERROR`,
    limit: 5,
    why,
  };
}

function text(key, what, wordOf, { limit, logs = (word) => `"${word}"` }) {
  return {
    key,
    what: `${what}, newest 100`,
    ...page((n) => `"${wordOf(n)}"`),
    sql: `${SELECT} WHERE instr(message, ?) ${NEWEST}`,
    parameters: (n) => [wordOf(n)],
    logs: (n) => logs(wordOf(n)),
    limit,
  };
}

function order(name, columns) {
  return {
    key: name,
    what: `first 100 ERRORs in the order \`${name}\``,
    ...page('level>=ERROR', { order: name }),
    sql: `${SELECT} WHERE level >= 3 ORDER BY ${columns} LIMIT ${PAGE}`,
    logs: name === 'oldest' ? () => `level:=ERROR | sort by (_time) limit ${PAGE}` : undefined,
  };
}

/** The page after 10,000 events. The pages before it are read once, before the measurement. */
function deepPage() {
  let cursor;
  return {
    key: 'deep',
    what: 'page 10,000 deep',
    async prepare(vigilant) {
      cursor = undefined;
      for (let depth = 0; depth < DEPTH; depth += PAGE) {
        const { nextCursor } = await vigilant.query('', { limit: PAGE, cursor, deadlineMs: DEADLINE_MS });
        cursor = nextCursor;
        // A smaller store has no such page; its first page is read instead.
        if (cursor === undefined) return;
      }
    },
    async ask(vigilant, n, read) {
      const options = { limit: PAGE, cursor, deadlineMs: DEADLINE_MS, ...read };
      return (await vigilant.query('', options)).events.length;
    },
    prepareSql(database) {
      const keys = database.prepare(
        `SELECT timestamp, sequence FROM event ORDER BY timestamp DESC, sequence DESC LIMIT 1 OFFSET ${DEPTH - 1}`,
      );
      const { timestamp, sequence } = keys.get() ?? { timestamp: Number.MAX_SAFE_INTEGER, sequence: 0 };
      const statement = database.prepare(`${SELECT} WHERE (timestamp, sequence) < (?, ?) ${NEWEST}`);
      return () => statement.all(timestamp, sequence).length;
    },
    logs: () => `* | sort by (_time desc) offset ${DEPTH} limit ${PAGE}`,
    limit: 5,
  };
}

function histogram(filter, options) {
  return {
    async ask(vigilant, n, read) {
      const all = { buckets: 60, deadlineMs: DEADLINE_MS, ...options, ...read };
      const { buckets } = await vigilant.histogram(filter, all);
      const counts = buckets.flatMap((bucket) => Object.values(bucket.counts));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}

/** SQL of a histogram. Its answer has one row per bucket and level. */
function buckets(condition, { since, until }) {
  return {
    sql: `SELECT timestamp / ${BUCKET_MS * 1_000} AS bucket, level, count(*) AS n FROM event
      WHERE timestamp >= ${since * 1_000} AND timestamp < ${until * 1_000} ${condition} GROUP BY 1, 2`,
  };
}

function facets() {
  const top = (field) =>
    `SELECT ${field} AS value, count(*) AS n FROM event GROUP BY 1 ORDER BY n DESC, 1 LIMIT 10`;
  const tags =
    'SELECT value, count(*) AS n FROM event, json_each(event.tags) GROUP BY 1 ORDER BY n DESC, 1 LIMIT 10';
  return {
    key: 'facets',
    what: 'facets of the fixed fields',
    async ask(vigilant, n, read) {
      const result = await vigilant.facets('', { deadlineMs: DEADLINE_MS, ...read });
      // An event with the same tag twice counts once.
      const counted = result.facets.filter(({ field }) => field !== 'tags').flatMap(({ values }) => values);
      return counted.reduce((sum, { count }) => sum + count, 0);
    },
    prepareSql(database) {
      const statements = FIXED.map((field) => database.prepare(top(field)));
      const ofTags = database.prepare(tags);
      return () => {
        ofTags.all();
        return statements.flatMap((each) => each.all()).reduce((sum, row) => sum + row.n, 0);
      };
    },
    logs: () => '*',
    logsPath: 'facets',
    limit: 5,
  };
}

/** One event by its id. The ids are those of events all over the store. */
function byId() {
  const samples = 50;
  let ids = [];
  return {
    key: 'id',
    what: 'one event by its id',
    async prepare(vigilant) {
      ids = [];
      for (let n = 0; n < samples; n += 1) {
        const until = START_MS + ((n + 1) * (END_MS - START_MS)) / samples;
        const { events } = await vigilant.query('', { limit: 1, until, deadlineMs: DEADLINE_MS });
        ids.push(...events.map(({ id }) => id));
      }
    },
    ask: async (vigilant, n, { freshMs } = {}) =>
      (await vigilant.get(ids[n % ids.length], { freshMs })) === undefined ? 0 : 1,
    prepareSql(database) {
      const rows = Array.from({ length: samples }, (_, n) => {
        const until = START_MS + ((n + 1) * (END_MS - START_MS)) / samples;
        return database.prepare(`SELECT id FROM event WHERE timestamp < ? ${NEWEST}`).get(until * 1_000);
      });
      const statement = database.prepare(`${SELECT} WHERE id = ?`);
      return (n) => (statement.get(rows[n % rows.length].id) === undefined ? 0 : 1);
    },
  };
}
