import type { SetName } from '../search/search-sets';
import { encodeTokens, encodeTrigrams } from '../search/search-sets';
import type { Splitter } from '../template/split';
import { SplitColumn } from '../template/split-column';
import { splitJson } from '../template/split-json';
import { splitMessage } from '../template/split-message';
import { writeSplitTexts } from '../template/split-texts';
import type { ColumnName } from './columns';
import { COLUMN_NAMES, encodeColumn } from './columns';
import { seal } from './envelope';
import type { EventColumns } from '../events/event-columns';

/** The parts of a block: its columns, and the sets that are tested before them. */
export type PartName = ColumnName | SetName;

/** An encoded part of a block, to be stored under its name. */
export interface Part {
  readonly name: PartName;
  readonly bytes: Uint8Array;
}

/** How the columns that are searched are split. */
const SPLITTERS = { message: splitMessage, tags: splitJson, data: splitJson } as const;

/**
 * Encodes all parts of a block, one each time the next part is requested, so that the caller can do other work between two
 * parts. The sets use what the columns have split, so this is faster than encoding each part by itself.
 *
 * @param columns - At most `MAX_ROWS` events. They must not change until the last part was returned.
 */
export function* encodeParts(columns: EventColumns): Generator<Part, void> {
  for (const name of COLUMN_NAMES)
    if (!(name in SPLITTERS)) yield { name, bytes: encodeColumn(name, columns) };
  const message = split(columns, 'message');
  yield { name: 'message', bytes: encodeSplit(message) };
  const tags = split(columns, 'tags');
  yield { name: 'tags', bytes: encodeSplit(tags) };
  const data = split(columns, 'data');
  yield { name: 'data', bytes: encodeSplit(data) };
  const { trigrams, groupTrigrams } = encodeTrigrams(message);
  yield { name: 'trigrams', bytes: trigrams };
  yield { name: 'groupTrigrams', bytes: groupTrigrams };
  yield { name: 'tokens', bytes: encodeTokens(tags, data) };
}

function split({ fields }: EventColumns, name: keyof typeof SPLITTERS): SplitColumn {
  const splitter: Splitter = SPLITTERS[name];
  return new SplitColumn(fields[name], splitter);
}

function encodeSplit(column: SplitColumn): Uint8Array {
  return seal((writer) => writeSplitTexts(writer, column));
}
