import { randomFillSync } from 'node:crypto';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const POOL_BYTES = 8_192;
const RANDOM_BYTES = 10;

/**
 * Creates a generator of UUIDv7 (RFC 9562): time in milliseconds, a counter of 12 bits, 62 random bits.
 *
 * Each id is greater than the previous one of the same generator, even if the clock stands still or steps back.
 *
 * @param now - Returns milliseconds since the epoch.
 */
export function createIdGenerator(now: () => number): () => string {
  const generator = new IdGenerator(now);
  return () => generator.next();
}

class IdGenerator {
  readonly #now: () => number;
  readonly #pool = new Uint8Array(POOL_BYTES);
  #offset = POOL_BYTES;
  #lastMs = -1;
  #counter = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  next(): string {
    if (this.#offset + RANDOM_BYTES > POOL_BYTES) {
      randomFillSync(this.#pool);
      this.#offset = 0;
    }
    this.#advance();
    const pool = this.#pool;
    const offset = this.#offset;
    this.#offset += RANDOM_BYTES;
    const time = this.#lastMs.toString(16).padStart(12, '0');
    const count = this.#counter.toString(16).padStart(3, '0');
    const byte = (index: number): string => HEX[pool[offset + index] as number] as string;
    const variant = HEX[((pool[offset] as number) & 0x3f) | 0x80] as string;
    return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${variant}${byte(1)}-${byte(2)}${byte(3)}${byte(4)}${byte(5)}${byte(6)}${byte(7)}`;
  }

  /** Sets the time and the counter of the next id. */
  #advance(): void {
    const ms = Math.floor(this.#now());
    if (ms > this.#lastMs) {
      this.#lastMs = ms;
      const random =
        ((this.#pool[this.#offset + 8] as number) << 8) | (this.#pool[this.#offset + 9] as number);
      // Starts in the lower half, so that at least 2,048 ids of the same millisecond follow without a carry.
      this.#counter = random & 0x7ff;
      return;
    }
    this.#counter += 1;
    if (this.#counter <= 0xfff) return;
    this.#counter = 0;
    this.#lastMs += 1;
  }
}
