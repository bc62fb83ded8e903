import type { ByteReader } from '../bytes/byte-reader';
import type { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import type { TextColumn } from '../column/text-column';
import { readTexts, writeTexts, writeUniformTexts } from '../column/texts';
import type { Splitter } from '../template/split';
import { readTemplates, writeTemplates } from '../template/templated-texts';
import { findTemplates } from '../template/templates';

const SIMPLE = 0;
const TEMPLATES = 1;

/** A column of more different texts is better stored by template. */
const MAX_DISTINCT = 32;

/** Writes a column of well-formed texts, by template if that pays. */
export function writeSplitTexts(writer: ByteWriter, values: readonly string[], split: Splitter): void {
  const form = writer.length;
  writer.byte(SIMPLE);
  if (writeUniformTexts(writer, values, MAX_DISTINCT)) return;
  const templates = findTemplates(values, split);
  if (templates === undefined) return writeTexts(writer, values);
  writer.setByte(form, TEMPLATES);
  writeTemplates(writer, templates);
}

/** Reads a column that `writeSplitTexts` wrote. @throws {DamagedBlockError} */
export function readSplitTexts(reader: ByteReader): TextColumn {
  const form = reader.byte();
  if (form === SIMPLE) return readTexts(reader);
  if (form === TEMPLATES) return readTemplates(reader);
  throw new DamagedBlockError('the form of its texts is unknown');
}
