/** The hexadecimal digits of 16 bits. */
const HEX = Array.from({ length: 0x10000 }, (_, value) => value.toString(16).padStart(4, '0'));

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
  const word = () => HEX[int(0x10000)];
  const hex = (digits) => {
    let text = word();
    while (text.length < digits) text += word();
    return text.length === digits ? text : text.slice(0, digits);
  };
  return {
    next,
    int,
    hex,
    uuid: () => `${hex(8)}-${word()}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    pick: (list) => list[int(list.length)],
    /** Continues with another seed. */
    reseed(seed) {
      state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
    },
  };
}
