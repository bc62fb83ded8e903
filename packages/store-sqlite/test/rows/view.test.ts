import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createTestContext } from '@vigilant/conformance';
import { formatTimestamp } from '@vigilant/core';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSqliteStore } from '../../src/index';
import { createFolder } from '../support/folder';
import { sampleEvents } from '../support/sample-events';

/** Times in milliseconds, with microseconds as the fraction, before and after 1970. */
const TIMES = [
  -(2 ** 43),
  -86_400_000,
  -1_000.001,
  -0.5,
  -0.001,
  0,
  0.001,
  999.999,
  1_767_323_045_000.006,
  2 ** 43,
];

function temporaryPath(): string {
  const folder = createFolder();
  onTestFinished(() => folder.remove());
  return folder.file('events.db');
}

async function timesIn(path: string): Promise<readonly unknown[]> {
  const store = createSqliteStore(path);
  await store.open(createTestContext());
  const events = sampleEvents(TIMES.length).map((event, index) => {
    const time = TIMES[index] as number;
    return { ...event, id: `time-${index}`, timestamp: time, receivedAt: time };
  });
  await store.append(events);
  await store.close();
  const database = new Database(path, { readonly: true });
  const select = "SELECT timestamp, received_at FROM events WHERE id GLOB 'time-*' ORDER BY sequence";
  const rows = database.prepare(select).raw().all();
  database.close();
  return rows;
}

describe('the view events', () => {
  const expected = TIMES.map((time) => [formatTimestamp(time), formatTimestamp(time)]);

  it('shows both times with microseconds', async () => {
    expect(await timesIn(temporaryPath())).toEqual(expected);
  });

  it('shows them in a file of an earlier version', async () => {
    const path = temporaryPath();
    cpSync(fileURLToPath(new URL('../fixtures/v2/events.db', import.meta.url)), path);
    expect(await timesIn(path)).toEqual(expected);
  });
});
