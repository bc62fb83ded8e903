import type { BlockRow } from '../../src/index';

// The rows of the golden files. Together they need every encoding.

/** Returns a number below `below` that follows from a seed. */
function random(seed: number, below: number): number {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return ((state ^ (state >>> 16)) >>> 0) % below;
}

const hex = (seed: number, digits: number): string =>
  Array.from({ length: digits }, (_, digit) => random(seed * 64 + digit, 16).toString(16)).join('');

const uuid = (time: string, version: string, seed: number): string =>
  `${time.slice(0, 8)}-${time.slice(8)}-${version}${hex(seed, 3)}-${'89ab'[random(seed, 4)]}${hex(seed + 1, 3)}-${hex(seed + 2, 12)}`;

const pick = <T>(list: readonly T[], seed: number): T => list[random(seed, list.length)] as T;

const START = 1_767_225_600_000;

const MESSAGES: readonly ((row: number) => string)[] = [
  (row) => `order ${row * 37} closed in ${random(row, 5_000)} ms`,
  (row) => `request ${uuid(hex(row, 12), '4', row)} from 10.0.${random(row, 255)}.7:${1_024 + row}`,
  (row) => `checksum ${hex(row, 16)} of part-${row % 7}a at 0${row % 10}:${10 + (row % 50)}`,
  (row) => `Bestellung № ${row} für „Größe ${row % 9}“ geändert`,
  (row) => (row % 12 === 3 ? `only once: ${'abcdefghij'[row % 10]?.repeat(3 + (row % 17))}` : 'no variable'),
];

const DATA: readonly ((row: number) => unknown)[] = [
  (row) => ({ userId: row * 977, status: pick([200, 201, 404, 503], row), requestId: hex(row, 16) }),
  (row) => ({ user: { id: -row, name: `ü${row}`, admin: row % 2 === 0 }, 'a.b': null, ratio: row / 7 }),
  (row) => ({ list: [row, row + 1, 'x', [true]], text: `line ${row}\n"quoted" \\`, '': {}, big: 1e21 }),
  (row) => (row % 8 === 3 ? { [`key ${hex(row, 4)}`]: row } : {}),
];

/** Events as applications send them: time-ordered ids, few sources, messages by template. */
function typical(row: number): BlockRow {
  const late = row % 50 === 7 ? random(row, 3_600_000) : 0;
  return {
    sequence: 1_000 + row,
    id: uuid((START + row * 3).toString(16).padStart(12, '0'), '7', row),
    timestamp: (START + row * 250 - late) * 1_000,
    receivedAt: (START + Math.floor(row / 100) * 1_000) * 1_000,
    level: pick([1, 1, 1, 0, 2, 3], row),
    severity: pick([100, 200, 70_000, -5], row),
    message: (MESSAGES[row % MESSAGES.length] as (row: number) => string)(row),
    origin: `host-${random(row, 4)}`,
    source: pick(['shop', 'mail', ''], row),
    type: 'log',
    group: pick(['default', 'größer'], row),
    tags: JSON.stringify(['eu', 'us', 'beta'].slice(0, random(row, 4))),
    data: JSON.stringify((DATA[row % DATA.length] as (row: number) => unknown)(row)),
  };
}

/** Events that have little in common. */
function various(row: number): BlockRow {
  const words = Array.from({ length: 12 }, (_, word) =>
    String.fromCharCode(
      ...Array.from(
        { length: 3 + random(row * 20 + word, 6) },
        (_, at) => 97 + random(row * 997 + word * 31 + at, 26),
      ),
    ),
  );
  return {
    sequence: row * row + 1,
    id: uuid(hex(row, 12), '4', row),
    timestamp: START * 1_000 - random(row, 2 ** 32) * 4_001,
    receivedAt: START * 1_000 + random(row, 2 ** 30),
    level: 1,
    severity: random(row, 2 ** 31) - 2 ** 30,
    message: words.join(' '),
    origin: hex(row, 16),
    source: `${row} ${'Δοκιμή тест 試験 🙂'.slice(0, row % 12)}`,
    type: `${'stack frame at module '.repeat(3)}${row}`,
    group: '',
    tags: JSON.stringify([`t${row}`, 'é"']),
    data: JSON.stringify({ [words[0] ?? '']: { [words[1] ?? '']: words.slice(2) } }),
  };
}

/** The smallest and largest values, and texts that cannot be split. */
const EXTREMES: readonly Partial<BlockRow>[] = [
  { sequence: 1, timestamp: -(2 ** 43) * 1_000, receivedAt: 0, severity: -(2 ** 31), id: '1' },
  {
    sequence: Number.MAX_SAFE_INTEGER,
    timestamp: 2 ** 43 * 1_000,
    receivedAt: 2 ** 52,
    severity: 2 ** 31 - 1,
  },
  { message: 'the mark \u0001 of templates', data: '{"mark":"\\u0001"}', id: '~'.repeat(128) },
  {
    message: '1 '.repeat(65),
    data: JSON.stringify({ list: Array.from({ length: 70 }, (_, index) => index) }),
  },
  { message: '\u0000', data: '{}', tags: '[]', source: '\u0000' },
  { message: '', data: '{"":""}', tags: '[""]', source: 'x'.repeat(255) },
];

const sequenceOf = <T>(count: number, create: (row: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, row) => create(row));

/** The blocks of the golden files by name. */
export const GOLDEN_BLOCKS: Readonly<Record<string, readonly BlockRow[]>> = {
  typical: sequenceOf(280, typical),
  various: sequenceOf(40, various),
  numbered: sequenceOf(40, (row) => ({ ...various(row), id: String(9_990 + row) })),
  extremes: EXTREMES.map((row, index) => ({ ...various(index), ...row })),
  empty: [],
};
