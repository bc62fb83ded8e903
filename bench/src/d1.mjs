// D1: events of about 350 bytes of JSON over 24 hours.

const DAY_MS = 86_400_000;
/** The generated events begin at this time, except those that are late. */
export const START_MS = Date.UTC(2026, 0, 1);
/** The generated events end before this time. */
export const END_MS = START_MS + DAY_MS;
const VERBS = [
  'opened',
  'closed',
  'accepted',
  'refused',
  'retried',
  'cached',
  'evicted',
  'parsed',
  'signed',
  'shipped',
];
const NOUNS = [
  'connection',
  'order',
  'invoice',
  'session',
  'upload',
  'message',
  'job',
  'token',
  'shard',
  'parcel',
];
const TAILS = [
  (r) => `in ${r.int(9_000)} ms after ${r.int(5)} attempts by worker ${r.int(64)} of the pool`,
  (r) => `with reference ${r.uuid()} on the second try`,
  (r) => `from 10.${r.int(255)}.${r.int(255)}.${r.int(255)}:${1024 + r.int(60_000)} over the private network`,
  (r) => `of ${r.int(1_000_000)} bytes; the remaining quota is ${r.int(100)} percent of the plan`,
];
const PATHS = [
  '/api/orders',
  '/api/users',
  '/api/login',
  '/health',
  '/static/app.js',
  '/api/search',
  '/api/cart',
];
const STATUS = [200, 200, 200, 200, 201, 204, 301, 400, 401, 404, 500, 503];
const TAGS = [
  'payment',
  'auth',
  'slow',
  'cache',
  'retry',
  'mobile',
  'eu',
  'us',
  'batch',
  'beta',
  'vip',
  'audit',
];

const names = (prefix, count) => Array.from({ length: count }, (_, n) => `${prefix}-${n}`);
const ORIGINS = names('host', 8);
const SOURCES = names('module', 40);
const GROUPS = names('group', 5);

/** Number of events that contain a word of their own. */
const RARE_EVENTS = 50;

/** Creates the content of event `n` of `count`. 1 % are up to an hour late. */
export function createD1(random, n, count) {
  const roll = random.next();
  const tail = TAILS[n % TAILS.length];
  const rareEvery = Math.max(1, Math.floor(count / RARE_EVENTS));
  const rare = n % rareEvery === 7 ? ` zanzibar${n}` : '';
  const late = random.next() < 0.01 ? random.int(3_600_000) : 0;
  return {
    id: '',
    message: `${random.pick(NOUNS)} ${random.pick(VERBS)} ${tail(random)}${rare}`,
    level: roll < 0.1 ? 'DEBUG' : roll < 0.9 ? 'INFO' : roll < 0.97 ? 'WARN' : 'ERROR',
    timestamp: START_MS + Math.floor((n * DAY_MS) / count) - late,
    origin: ORIGINS[random.int(ORIGINS.length)],
    source: SOURCES[Math.floor(SOURCES.length * random.next() ** 2)],
    type: 'log',
    group: GROUPS[random.int(GROUPS.length)],
    tags: createTags(random),
    data: {
      userId: random.int(50_000),
      durationMs: random.int(5_000),
      path: random.pick(PATHS),
      status: random.pick(STATUS),
      requestId: random.hex(16),
    },
  };
}

function createTags(random) {
  const tags = [];
  for (let left = random.int(4); left > 0; left -= 1) tags.push(random.pick(TAGS));
  return tags;
}
