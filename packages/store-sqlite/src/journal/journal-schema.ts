import type { DatabaseKind } from '../sqlite/migrate';

/** "VigJ" */
const APPLICATION_ID = 0x5669674a;

/** The latest version of `batch.body`: frames of encoded events. Version 1 is in `body-version-1.ts`. */
export const BODY_VERSION = 2;

/** The database of events that are accepted and not stored yet. See `docs/sqlite.md`. */
export const JOURNAL_KIND: DatabaseKind = {
  applicationId: APPLICATION_ID,
  checkpointPages: 2_000,
  migrations: [
    `
    CREATE TABLE journal (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      pending_bytes INTEGER NOT NULL,
      removed_through INTEGER NOT NULL
    ) STRICT;
    INSERT INTO journal VALUES (1, 0, 0);

    CREATE TABLE owner (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      lock TEXT NOT NULL UNIQUE
    ) STRICT;

    CREATE TABLE batch (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      owner INTEGER NOT NULL,
      number INTEGER NOT NULL,
      events INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      acked_at INTEGER,
      version INTEGER NOT NULL,
      checksum INTEGER NOT NULL,
      body BLOB NOT NULL,
      UNIQUE (owner, number)
    ) STRICT;
    CREATE INDEX batch_acked ON batch (acked_at) WHERE acked_at IS NOT NULL;

    CREATE TABLE barrier (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      through INTEGER NOT NULL,
      raised_at INTEGER NOT NULL
    ) STRICT;
    `,
    '-- Batches may have bodies of version 2, which earlier versions of this program would treat as damaged.',
  ],
};
