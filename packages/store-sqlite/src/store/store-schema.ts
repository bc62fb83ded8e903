import type { DatabaseKind } from '../sqlite/migrate';

/** "VigE" */
const APPLICATION_ID = 0x56696745;

/** Returns the SQL of a column with microseconds as ISO 8601 text. The remainder of a time before 1970 is negative. */
function timeText(column: string): string {
  const fraction = `(${column} % 1000000 + 1000000) % 1000000`;
  return `strftime('%Y-%m-%dT%H:%M:%S', (${column} - ${fraction}) / 1000000, 'unixepoch') || printf('.%06dZ', ${fraction})`;
}

/** The database of stored events. See `docs/sqlite.md`. */
export const STORE_KIND: DatabaseKind = {
  applicationId: APPLICATION_ID,
  checkpointPages: 2_000,
  // The third version changes only a view for other programs, the fourth adds tables.
  readableFrom: 2,
  migrations: [
    `
    CREATE TABLE store (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      epoch TEXT NOT NULL,
      events INTEGER NOT NULL,
      last_sequence INTEGER NOT NULL,
      pruned_through INTEGER NOT NULL,
      last_revision INTEGER NOT NULL
    ) STRICT;
    INSERT INTO store VALUES (1, lower(hex(randomblob(16))), 0, 0, 0, 0);

    CREATE TABLE event (
      sequence INTEGER PRIMARY KEY,
      id ANY NOT NULL UNIQUE,
      timestamp INTEGER NOT NULL,
      received_at INTEGER NOT NULL,
      level INTEGER NOT NULL,
      severity INTEGER NOT NULL,
      message TEXT NOT NULL,
      origin TEXT NOT NULL,
      source TEXT NOT NULL,
      type TEXT NOT NULL,
      "group" TEXT NOT NULL,
      tags TEXT NOT NULL,
      data TEXT NOT NULL
    ) STRICT;
    CREATE INDEX event_by_time ON event (timestamp);

    CREATE TABLE document (
      kind TEXT NOT NULL,
      key TEXT NOT NULL,
      revision INTEGER NOT NULL,
      value TEXT NOT NULL,
      blob BLOB,
      PRIMARY KEY (kind, key)
    ) STRICT;

    CREATE VIEW events AS
    SELECT
      sequence,
      CASE typeof(id)
        WHEN 'blob' THEN lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4)
          || '-' || substr(hex(id), 17, 4) || '-' || substr(hex(id), 21))
        ELSE id
      END AS id,
      strftime('%Y-%m-%dT%H:%M:%S', timestamp / 1000000.0 - (timestamp % 1000000) / 1000000.0, 'unixepoch')
        || printf('.%06dZ', (timestamp % 1000000 + 1000000) % 1000000) AS timestamp,
      strftime('%Y-%m-%dT%H:%M:%SZ', received_at / 1000000, 'unixepoch') AS received_at,
      CASE level WHEN 0 THEN 'DEBUG' WHEN 1 THEN 'INFO' WHEN 2 THEN 'WARN' ELSE 'ERROR' END AS level,
      severity, message, origin, source, type, "group", tags, data
    FROM event;
    `,
    `
    ALTER TABLE store ADD COLUMN event_bytes INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE store ADD COLUMN counted_after INTEGER NOT NULL DEFAULT 0;
    UPDATE store SET counted_after = last_sequence;
    `,
    `
    DROP VIEW events;
    CREATE VIEW events AS
    SELECT
      sequence,
      CASE typeof(id)
        WHEN 'blob' THEN lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4)
          || '-' || substr(hex(id), 17, 4) || '-' || substr(hex(id), 21))
        ELSE id
      END AS id,
      ${timeText('timestamp')} AS timestamp,
      ${timeText('received_at')} AS received_at,
      CASE level WHEN 0 THEN 'DEBUG' WHEN 1 THEN 'INFO' WHEN 2 THEN 'WARN' ELSE 'ERROR' END AS level,
      severity, message, origin, source, type, "group", tags, data
    FROM event;
    `,
    `
    ALTER TABLE store ADD COLUMN blocks_changed INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE store ADD COLUMN last_run INTEGER NOT NULL DEFAULT 0;

    CREATE TABLE block (
      first_sequence INTEGER PRIMARY KEY,
      last_sequence INTEGER NOT NULL,
      count INTEGER NOT NULL,
      event_bytes INTEGER NOT NULL,
      min_timestamp INTEGER NOT NULL,
      max_timestamp INTEGER NOT NULL,
      min_received_at INTEGER NOT NULL,
      max_received_at INTEGER NOT NULL,
      min_id_time INTEGER,
      max_id_time INTEGER,
      min_id_number INTEGER,
      max_id_number INTEGER,
      debug INTEGER NOT NULL,
      info INTEGER NOT NULL,
      warn INTEGER NOT NULL,
      error INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE part (
      place INTEGER PRIMARY KEY,
      bytes BLOB NOT NULL
    ) STRICT;

    CREATE TABLE id_run (
      run INTEGER PRIMARY KEY,
      entries INTEGER NOT NULL,
      head BLOB NOT NULL
    ) STRICT;

    CREATE TABLE id_part (
      place INTEGER PRIMARY KEY,
      bytes BLOB NOT NULL
    ) STRICT;
    `,
  ],
};
