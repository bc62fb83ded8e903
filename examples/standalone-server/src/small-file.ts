import { closeSync, openSync, readSync } from 'node:fs';

/** Largest size of a file in bytes. Passwords and certificates are smaller. */
const MAX_BYTES = 1024 * 1024;

/** Reads a file, a pipe or a device. @throws {Error} if it is larger than 1 MiB or cannot be read */
export function readSmallFile(path: string): Buffer {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  const file = openSync(path, 'r');
  try {
    let length = 0;
    let read: number;
    do {
      read = readSync(file, buffer, length, buffer.length - length, null);
      length += read;
    } while (read > 0 && length < buffer.length);
    if (length > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
    return buffer.subarray(0, length);
  } finally {
    closeSync(file);
  }
}
