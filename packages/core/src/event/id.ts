import { randomFillSync } from 'node:crypto';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const POOL_BYTES = 8_192;
const RANDOM_BYTES = 10;

/**
 * Creates a generator of UUIDv7 (RFC 9562): time in milliseconds, a counter of 12 bits, 62 random bits.
 *
 * Each id of a generator is greater than the one before, also when the clock stands still or steps back.
 */
export function createIdGenerator(now: () => number): () => string {
  const pool = new Uint8Array(POOL_BYTES);
  let offset = POOL_BYTES;
  let lastMs = -1;
  let counter = 0;

  return () => {
    if (offset + RANDOM_BYTES > POOL_BYTES) {
      randomFillSync(pool);
      offset = 0;
    }
    const ms = Math.floor(now());
    if (ms > lastMs) {
      lastMs = ms;
      // Starts in the lower half, which leaves room to count.
      counter = (((pool[offset + 8] as number) << 8) | (pool[offset + 9] as number)) & 0x7ff;
    } else {
      counter += 1;
      if (counter > 0xfff) {
        counter = 0;
        lastMs += 1;
      }
    }
    const time = lastMs.toString(16).padStart(12, '0');
    const count = counter.toString(16).padStart(3, '0');
    const byte = (index: number): string => HEX[pool[offset + index] as number] as string;
    const variant = HEX[((pool[offset] as number) & 0x3f) | 0x80] as string;
    const id = `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${variant}${byte(1)}-${byte(2)}${byte(3)}${byte(4)}${byte(5)}${byte(6)}${byte(7)}`;
    offset += RANDOM_BYTES;
    return id;
  };
}
