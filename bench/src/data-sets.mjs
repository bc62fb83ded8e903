import { createRandom, generate } from './d1.mjs';

const WORD_LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const WORDS = 14;
const FRAMES = 24;

/** Returns a random word of 3 to 10 letters. */
function word(random) {
  return Array.from({ length: 3 + random.int(8) }, () => random.pick(WORD_LETTERS)).join('');
}

/** Returns a stack trace of about 2 KB. 40 functions call each other. */
function stackTrace(random) {
  const frame = () => {
    const module = random.int(40);
    return `    at handle${module} (/srv/app/dist/modules/module-${module}/handler.js:${1 + random.int(400)}:${1 + random.int(80)})`;
  };
  return ['Error: the upstream closed the connection', ...Array.from({ length: FRAMES }, frame)].join('\n');
}

/** Changes a share of the events of D1 by a function that receives a seeded random number generator. */
function variant(change) {
  return (count, seed = 1) => {
    const random = createRandom(seed + 1);
    const changed = new Map();
    // A repeated event stays the same event.
    const once = (input) => {
      if (!changed.has(input)) changed.set(input, change(input, random));
      return changed.get(input);
    };
    return generate(count, seed).map(once);
  };
}

/** The data sets by name. Each generates a number of inputs. */
export const DATA_SETS = {
  D1: generate,
  'D2, stack traces of 2 KB on ERROR': variant((input, random) =>
    input.level === 'ERROR' ? { ...input, message: stackTrace(random) } : input,
  ),
  'D3, a data key of its own per event': variant((input, random) => ({
    ...input,
    data: { ...input.data, [`key_${random.hex(8)}`]: random.int(1_000) },
  })),
  'D4, messages of random words': variant((input, random) => ({
    ...input,
    message: Array.from({ length: WORDS }, () => word(random)).join(' '),
  })),
};
