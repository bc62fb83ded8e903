/** Texts as ranges of one array of UTF-8. */
export interface ByteTexts {
  readonly bytes: Buffer;
  /** Offset of the first byte of each text. */
  readonly starts: Int32Array;
  /** Offset after the last byte of each text. */
  readonly ends: Int32Array;
}

/** Encodes well-formed texts one after another. */
export function byteTextsOf(texts: readonly string[]): ByteTexts {
  const starts = new Int32Array(texts.length);
  const ends = new Int32Array(texts.length);
  const bytes = Buffer.from(texts.join(''));
  let at = 0;
  texts.forEach((text, index) => {
    starts[index] = at;
    ends[index] = at += Buffer.byteLength(text);
  });
  return { bytes, starts, ends };
}

/** Returns a text. */
export function textAt({ bytes, starts, ends }: ByteTexts, index: number): string {
  return bytes.toString('utf8', starts[index], ends[index]);
}

/** Returns some of the texts. @param rows - Their indexes. */
export function selectTexts({ bytes, starts, ends }: ByteTexts, rows: Int32Array): ByteTexts {
  const selected = { bytes, starts: new Int32Array(rows.length), ends: new Int32Array(rows.length) };
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as number;
    selected.starts[index] = starts[row] as number;
    selected.ends[index] = ends[row] as number;
  }
  return selected;
}

/** Returns the texts from `start` up to, not including, `end`. */
export function sliceTexts({ bytes, starts, ends }: ByteTexts, start: number, end: number): ByteTexts {
  return { bytes, starts: starts.subarray(start, end), ends: ends.subarray(start, end) };
}

/** Returns whether a range of bytes is ASCII. */
export function isAsciiRange(bytes: Uint8Array, start: number, end: number): boolean {
  let union = 0;
  for (let index = start; index < end; index++) union |= bytes[index] as number;
  return union < 0x80;
}

/** Returns whether two ranges of an array have the same bytes. */
export function areEqual(
  bytes: Uint8Array,
  start: number,
  end: number,
  otherStart: number,
  otherEnd: number,
): boolean {
  if (end - start !== otherEnd - otherStart) return false;
  for (let index = start, other = otherStart; index < end; index++, other++)
    if (bytes[index] !== bytes[other]) return false;
  return true;
}
