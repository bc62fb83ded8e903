// Generates the events of the benchmarks. The generator is seeded, so every run measures the same work.

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 1);
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

/** Creates a seeded random number generator (mulberry32). */
export function createRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below) => Math.floor(next() * below);
  const hex = (digits) => {
    let text = '';
    while (text.length < digits) text += int(0x10000).toString(16).padStart(4, '0');
    return text.slice(0, digits);
  };
  const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  return { next, int, hex, uuid, pick: (list) => list[int(list.length)] };
}

/** Generates `count` inputs of about 350 bytes of JSON: 24 hours, 1 % out of order, 0.5 % repeated ids, 50 rare words. */
export function generate(count, seed = 1) {
  const random = createRandom(seed);
  const rareEvery = Math.max(1, Math.floor(count / 50));
  const inputs = new Array(count);
  for (let n = 0; n < count; n += 1) {
    if (n > 0 && random.next() < 0.005) {
      inputs[n] = inputs[random.int(n)];
      continue;
    }
    const roll = random.next();
    const tail = TAILS[n % TAILS.length];
    const rare = n % rareEvery === 7 ? ` zanzibar${n}` : '';
    const late = random.next() < 0.01 ? random.int(3_600_000) : 0;
    inputs[n] = {
      id: timeOrderedId(n, random),
      message: `${random.pick(NOUNS)} ${random.pick(VERBS)} ${tail(random)}${rare}`,
      level: roll < 0.1 ? 'DEBUG' : roll < 0.9 ? 'INFO' : roll < 0.97 ? 'WARN' : 'ERROR',
      timestamp: START_MS + Math.floor((n * DAY_MS) / count) - late,
      origin: `host-${random.int(8)}`,
      source: `module-${Math.floor(40 * random.next() ** 2)}`,
      type: 'log',
      group: `group-${random.int(5)}`,
      tags: Array.from({ length: random.int(4) }, () => random.pick(TAGS)),
      data: {
        userId: random.int(50_000),
        durationMs: random.int(5_000),
        path: random.pick(PATHS),
        status: random.pick(STATUS),
        requestId: random.hex(16),
      },
    };
  }
  return inputs;
}

/** Returns a UUIDv7, as senders use. UUIDv7s sort by time. */
function timeOrderedId(n, random) {
  const time = (START_MS + n).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`;
}
