import type { ByteReader } from '../bytes/byte-reader';
import type { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import type { Texts } from '../column/text-values';
import { readTexts, writeOtherTexts, writeUniformTexts } from '../column/texts';
import type { SplitColumn } from './split-column';
import { readTemplates, writeTemplates } from './templated-texts';
import { findTemplates } from './templates';

// Layout of a column of texts that may have templates: the form, then a column of texts or of texts by template

const TEXTS = 0;
const TEMPLATES = 1;

/** Number of different texts above which a column may be stored by template. */
const MAX_UNIFORM_TEXTS = 32;

/** Writes a column of texts, by template if enough of them share one. */
export function writeSplitTexts(writer: ByteWriter, column: SplitColumn): void {
  const form = writer.length;
  writer.byte(TEXTS);
  if (writeUniformTexts(writer, column.texts, MAX_UNIFORM_TEXTS)) return;
  const templates = findTemplates(column);
  if (templates === undefined) return writeOtherTexts(writer, column.texts);
  writer.setByte(form, TEMPLATES);
  writeTemplates(writer, templates);
}

/** Reads a column that `writeSplitTexts` wrote. @throws {DamagedBlockError} */
export function readSplitTexts(reader: ByteReader): Texts {
  const form = reader.byte();
  if (form === TEXTS) return readTexts(reader);
  if (form === TEMPLATES) return readTemplates(reader);
  throw new DamagedBlockError('the form of its texts is unknown');
}
