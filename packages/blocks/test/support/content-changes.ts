import { crc32 } from 'node:zlib';
import fc from 'fast-check';

/** A change of bytes. Its position is a share of their number. */
const change = fc.oneof(
  changeOf('set', 0.999, 255),
  changeOf('set', 0.03, 255),
  changeOf('insert', 0.999, 255),
  changeOf('cut', 0.999, 64),
);

function changeOf<Kind extends string>(kind: Kind, maxAt: number, maxByte: number) {
  return fc.record({
    kind: fc.constant(kind),
    at: fc.double({ min: 0, max: maxAt, noNaN: true }),
    byte: fc.nat(maxByte),
  });
}

/** A change of bytes at a position. */
export type ContentChange = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** Changes of what a checksum covers. */
export const contentChanges = fc.array(change, { minLength: 1, maxLength: 3 });

/** Changes the bytes in front of a checksum, which is computed again. */
export function changeContent(bytes: Uint8Array, changes: readonly ContentChange[]): Uint8Array {
  let content = bytes.slice(0, -4);
  for (const { kind, at, byte } of changes) {
    const index = Math.floor(at * content.length);
    if (kind === 'set') content[index] = byte;
    else {
      const inserted = kind === 'insert' ? [byte] : [];
      const rest = content.subarray(index + (kind === 'cut' ? byte : 0));
      content = Uint8Array.from([...content.subarray(0, index), ...inserted, ...rest]);
    }
  }
  const result = Buffer.alloc(content.length + 4);
  result.set(content);
  result.writeUInt32BE(crc32(content), content.length);
  return result;
}
