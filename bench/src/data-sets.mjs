// The data sets of the benchmarks. An event depends only on the seed and its number, so none has to be kept in memory.
import { createD1 } from './d1.mjs';
import { ID_KINDS } from './ids.mjs';
import { createRandom } from './random.mjs';

const REPEATED_SHARE = 0.005;
const WORD_LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const WORDS = 14;
const FRAMES = 24;

/** Changes of an event of D1, by name of the data set. */
const CHANGES = {
  D1: () => {},
  D2(event, random) {
    if (event.level === 'ERROR') event.message = stackTrace(random);
  },
  D3(event, random) {
    event.data[`key_${random.hex(8)}`] = random.int(1_000);
  },
  D4(event, random) {
    event.message = Array.from({ length: WORDS }, () => word(random)).join(' ');
  },
};

/** The data sets by name. */
export const DATA_SETS = {
  D1: 'D1',
  D2: 'D2, stack traces of 2 KB on ERROR',
  D3: 'D3, a data key of its own per event',
  D4: 'D4, messages of random words',
};

/** Target for the ratio of bytes on disk to those of F1, by data set. */
export const MAX_BYTES = { D1: 0.15, D2: 0.15, D3: 0.15, D4: 0.25 };

/** Reason if the target is missed, by data set. */
export const WHY_BYTES = {
  D3: 'No two events have the same keys, so their data has no template: it takes 34 bytes as compressed text, instead of 13.',
  D4: 'The random words take 59 bytes in any encoding, and their trigrams in the filters 17.',
};

/**
 * Creates a data set of `count` events. 0.5 % of them repeat an earlier one.
 *
 * @param options - `name`: key of `DATA_SETS`; `ids`: key of `ID_KINDS`.
 */
export function createDataSet({ name = 'D1', count, ids = 'v7', seed = 1 }) {
  const random = createRandom(0);
  const createId = ID_KINDS[ids]();
  const change = CHANGES[name];
  /** Returns whether an event repeats another. Further random numbers belong to that event. */
  const isRepeat = (n) => {
    random.reseed(seed * 0x10000000 + n);
    return random.next() < REPEATED_SHARE && n > 0;
  };
  /** Creates event `n`, the same each time. Numbers from `count` on continue the data set. */
  const event = (n) => {
    let at = n;
    while (isRepeat(at)) at = random.int(at);
    const created = createD1(random, at, count);
    created.id = createId(at, random);
    change(created, random);
    return created;
  };
  return {
    count,
    event,
    /** Generates the first `total` events in chunks. `numberOf` changes their order. */
    *chunks(size, total = count, numberOf = (n) => n) {
      for (let start = 0; start < total; start += size)
        yield Array.from({ length: Math.min(size, total - start) }, (_, n) => event(numberOf(start + n)));
    },
    /** Number of events with different ids. */
    countUnique() {
      let unique = 0;
      for (let n = 0; n < count; n += 1) if (!isRepeat(n)) unique += 1;
      return unique;
    },
  };
}

/** Generates all events of D1 at once, for measurements of few events. */
export function generate(count, seed = 1) {
  return createDataSet({ count, seed }).chunks(count).next().value;
}

/** Returns a random word of 3 to 10 letters. */
function word(random) {
  let text = '';
  for (let left = 3 + random.int(8); left > 0; left -= 1) text += random.pick(WORD_LETTERS);
  return text;
}

/** Returns a stack trace of about 2 KB. 40 functions call each other. */
function stackTrace(random) {
  const frame = () => {
    const module = random.int(40);
    return `    at handle${module} (/srv/app/dist/modules/module-${module}/handler.js:${1 + random.int(400)}:${1 + random.int(80)})`;
  };
  return ['Error: the upstream closed the connection', ...Array.from({ length: FRAMES }, frame)].join('\n');
}
