import type Database from 'better-sqlite3';
import type { Connection, Driver, SqlRow, SqlValue, Statement } from './driver';

/** How many different statements are kept prepared. */
const MAX_STATEMENTS = 200;

/** Creates the driver from the module, which was loaded by whoever knows where it lies. */
export function createBetterSqlite3Driver(module: typeof Database): Driver {
  return {
    open: (path) => connect(new module(path)),
    codeOf(error) {
      const code = (error as { code?: unknown } | null)?.code;
      return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
    },
  };
}

function connect(database: Database.Database): Connection {
  const statements = new Map<string, Statement>();
  return {
    exec: (sql) => void database.exec(sql),
    prepare(sql) {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      if (statements.size >= MAX_STATEMENTS) statements.clear();
      const prepared = wrap(database.prepare(sql));
      statements.set(sql, prepared);
      return prepared;
    },
    close() {
      statements.clear();
      database.close();
    },
  };
}

function wrap(statement: Database.Statement): Statement {
  if (statement.reader) statement.raw(true);
  return {
    run: (...parameters: SqlValue[]) => statement.run(...parameters).changes,
    get: (...parameters: SqlValue[]) => statement.get(...parameters) as SqlRow | undefined,
    all: (...parameters: SqlValue[]) => statement.all(...parameters) as SqlRow[],
    iterate: (...parameters: SqlValue[]) => statement.iterate(...parameters) as IterableIterator<SqlRow>,
  };
}
