import { distinctTexts, textAt } from '@vigilant/blocks';
import type { DistinctTexts, EventColumns } from '@vigilant/blocks';
import type { Event } from '@vigilant/core';
import { sameContent } from '@vigilant/core/adapter';
import { findSealed } from '../blocks/sealed-ids';
import { COLUMNS, idToSql, readRow, rowAt, toSql } from '../rows/row';
import type { SqliteConnection } from '../sqlite/driver';

/** The events of a batch by whether their ids are new. */
export interface Selection {
  /** Indexes of the events whose ids are new. */
  readonly fresh: Int32Array;
  readonly duplicates: number;
  /** Indexes of the events whose ids belong to events with other content. */
  readonly conflicts: readonly number[];
}

/** Compares the ids of a batch with each other and with those that are stored. Must run in a transaction. */
export function selectNew(connection: SqliteConnection, batch: EventColumns): Selection {
  const { indexes } = distinctTexts(batch.fields.id, batch.count) as DistinctTexts;
  const compareStored = createComparison(connection, batch);
  /** For each different id the index of its new event plus one, or 0. */
  const firsts = new Int32Array(batch.count);
  const fresh = new Int32Array(batch.count);
  const conflicts: number[] = [];
  let freshCount = 0;
  let duplicates = 0;
  for (let index = 0; index < batch.count; index++) {
    const id = indexes[index] as number;
    const first = firsts[id] as number;
    const isSame =
      first > 0 ? sameContent(eventAt(batch, first - 1), eventAt(batch, index)) : compareStored(index);
    if (isSame === undefined) {
      firsts[id] = index + 1;
      fresh[freshCount++] = index;
    } else if (isSame) duplicates += 1;
    else conflicts.push(index);
  }
  return { fresh: fresh.subarray(0, freshCount), duplicates, conflicts };
}

function eventAt(batch: EventColumns, index: number): Event {
  return readRow(toSql(rowAt(batch.fields, index)));
}

/**
 * Returns a function that compares an event of the batch with the stored one of the same id. It returns `undefined` if that
 * id is not stored.
 */
function createComparison(
  connection: SqliteConnection,
  batch: EventColumns,
): (index: number) => boolean | undefined {
  const sealed = findSealed(connection, batch.fields.id, batch.idValues);
  const hasRows = connection.prepare('SELECT 1 FROM event LIMIT 1').get() !== undefined;
  const find = connection.prepare(`SELECT ${COLUMNS} FROM event WHERE id = ?`);
  return (index) => {
    const place = sealed.get(index);
    if (place !== undefined) {
      const { block, row } = place;
      return block.hasContent(row, batch, index) || sameContent(block.event(row), eventAt(batch, index));
    }
    const stored = hasRows ? find.get(idToSql(textAt(batch.fields.id, index))) : undefined;
    return stored === undefined ? undefined : sameContent(readRow(stored), eventAt(batch, index));
  };
}
