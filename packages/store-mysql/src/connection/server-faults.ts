/** A kind of server error. All errors of one kind are handled alike. */
export type FaultKind =
  | 'lost'
  | 'contention'
  | 'read-only'
  | 'rejected-value'
  | 'disk-full'
  | 'storage'
  | 'out-of-memory'
  | 'cancelled'
  | 'access'
  | 'tls-required'
  | 'host-blocked'
  | 'connection-limit'
  | 'transaction-size'
  | 'statement-binlog'
  | 'schema';

/**
 * Numbers of the server errors of each kind. They identify the errors, because the driver has no names for those of MariaDB
 * (1900 to 1999, 4000 to 4999) and TiDB (8000 to 9999). From 4000 on, MySQL and MariaDB use the same numbers for different
 * errors: here 4031 is from MySQL, 4150 and 4151 are from MariaDB, and neither server reports the other's to this package.
 */
const NUMBERS: Readonly<Record<FaultKind, readonly number[]>> = {
  /** Shutdown in progress, connection killed or aborted, network timeout, packet too large, idle for too long. */
  lost: [1053, 1080, 1152, 1153, 1158, 1159, 1160, 1161, 1184, 1927, 3169, 4031],
  /**
   * Deadlock, lock timeout, a row or table definition changed by another transaction, a conflict found by a replication group or by
   * TiDB. The transaction was rolled back and can be retried.
   */
  contention: [1020, 1205, 1213, 1412, 1689, 3101, 8002, 8005, 8022, 8028, 9004, 9007],
  /**
   * The server does not accept writes: read_only, a global read lock, a read-only transaction, read-only mode, tables or InnoDB, offline mode, a
   * Galera node without quorum, a member of a replication group that rejects writes, a read-only database.
   */
  'read-only': [1036, 1047, 1223, 1290, 1792, 1836, 1874, 3032, 3098, 3100, 3989],
  /** A value does not fit its column, or has a wrong type or wrong characters. */
  'rejected-value': [1264, 1300, 1366, 1406, 3854],
  'disk-full': [20, 1021, 1114, 3675],
  /** An error of a file or of the storage engine, or a damaged table. */
  storage: [3, 1026, 1030, 1034, 1180, 1194, 1195, 1877],
  'out-of-memory': [5, 1037, 1038, 1041, 1135, 3015, 8175],
  /** Statement timeout, or a cancelled statement. */
  cancelled: [1317, 1969, 3024],
  access: [1044, 1045, 1130, 1142, 1143, 1227, 1251, 1370, 1698, 1820, 1862, 3118, 3955, 4150, 4151],
  'tls-required': [3159],
  'host-blocked': [1129],
  'connection-limit': [1040, 1203, 1226],
  'transaction-size': [1197, 3231, 8004, 8025],
  'statement-binlog': [1665],
  /** Unknown database, column, table or index, or a column or a default that is missing. */
  schema: [1049, 1054, 1136, 1146, 1176, 1364],
};

const KINDS: ReadonlyMap<number, FaultKind> = new Map(
  (Object.keys(NUMBERS) as FaultKind[]).flatMap((kind) => NUMBERS[kind].map((errno) => [errno, kind])),
);

/** ENOSPC and EDQUOT in the text of a storage error, such as `errno: 28` or `Errcode: 28`. */
const NO_SPACE = /err(?:or|no|code)[: ]+(?:28|122)\b/i;

/** Returns the kind of a server error; `undefined` for errors that need no special handling. */
export function kindOf(errno: number, text = ''): FaultKind | undefined {
  const kind = KINDS.get(errno);
  return kind === 'storage' && NO_SPACE.test(text) ? 'disk-full' : kind;
}
