import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BlockRow, PartName } from '../../src/index';
import { columnsOf, encodeParts } from '../../src/index';

// A golden block consists of `<name>.ndjson`, its rows, and `<name>.bin`, its parts: for each the length of its name (1 byte),
// its name, the number of its bytes (4 bytes, big-endian) and its bytes.

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** A block that an earlier version encoded. */
export interface GoldenBlock {
  readonly rows: readonly BlockRow[];
  readonly parts: ReadonlyMap<PartName, Uint8Array>;
}

/** Returns the versions of the codec that have golden files. */
export function goldenVersions(): readonly string[] {
  return readdirSync(FOLDER).filter((name) => /^v\d+$/.test(name));
}

/** Returns the names of the blocks of a version. */
export function goldenNames(version: string): readonly string[] {
  const files = readdirSync(join(FOLDER, version));
  return files.filter((file) => file.endsWith('.bin')).map((file) => file.slice(0, -'.bin'.length));
}

/** Reads one block. */
export function readGolden(version: string, name: string): GoldenBlock {
  const lines = readFileSync(join(FOLDER, version, `${name}.ndjson`), 'utf8').split('\n');
  const bytes = readFileSync(join(FOLDER, version, `${name}.bin`));
  const parts = new Map<PartName, Uint8Array>();
  for (let at = 0; at < bytes.length;) {
    const nameEnd = at + 1 + bytes.readUInt8(at);
    const end = nameEnd + 4 + bytes.readUInt32BE(nameEnd);
    parts.set(bytes.toString('latin1', at + 1, nameEnd) as PartName, bytes.subarray(nameEnd + 4, end));
    at = end;
  }
  return { rows: lines.filter((line) => line !== '').map((line) => JSON.parse(line) as BlockRow), parts };
}

/** Encodes blocks as the golden files of a version, which must not exist. */
export function writeGolden(version: string, blocks: Readonly<Record<string, readonly BlockRow[]>>): void {
  const folder = join(FOLDER, version);
  if (existsSync(folder)) throw new Error(`Golden files never change, and ${version} exists.`);
  mkdirSync(folder);
  for (const [name, rows] of Object.entries(blocks)) {
    const parts = Array.from(encodeParts(columnsOf(rows)), ({ name: part, bytes }) => {
      const head = Buffer.alloc(1 + part.length + 4);
      head.writeUInt8(part.length);
      head.write(part, 1);
      head.writeUInt32BE(bytes.byteLength, 1 + part.length);
      return Buffer.concat([head, bytes]);
    });
    writeFileSync(join(folder, `${name}.bin`), Buffer.concat(parts));
    writeFileSync(join(folder, `${name}.ndjson`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
}
