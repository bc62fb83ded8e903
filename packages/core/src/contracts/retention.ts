import type { Level } from '../event/event';

/**
 * Rules for deleting old events. An event is deleted once any rule excludes it, usually within two minutes.
 *
 * An age counts from the receipt of an event. It is a duration such as `'30d'` or `'12h'`, at least `'1s'`, or `'forever'`. Units: s,
 * m, h, d, w. If several processes have the store open, one of them deletes, by its own rules.
 */
export interface RetentionOptions {
  /** Deletes events that are older. @defaultValue `'forever'` */
  readonly maxAge?: string | undefined;
  /** Overrides `maxAge` for single levels. */
  readonly byLevel?: Readonly<Partial<Record<Level, string | undefined>>> | undefined;
  /** Deletes the earliest arrivals beyond this many bytes of events, at least 1 MiB. See `RetentionPolicy.maxBytes`. @defaultValue unlimited */
  readonly maxBytes?: number | undefined;
}

/** State of retention, with the rules in force. */
export interface RetentionStatus extends RetentionOptions {
  readonly byLevel?: Readonly<Partial<Record<Level, string>>>;
  /** `standby`: another process deletes the events of this store, by its own rules. */
  readonly state: 'waiting' | 'running' | 'standby';
  /** Number of events that this engine has deleted. */
  readonly deleted: number;
  /** When this engine last finished deleting expired events, in milliseconds since the epoch. Absent before the first time. */
  readonly lastRunAt?: number;
  /**
   * When this engine next checks for expired events, in milliseconds since the epoch. Absent during a run, and before the store
   * is open.
   */
  readonly nextRunAt?: number;
  /** Why the last run failed. Absent if it succeeded. */
  readonly reason?: string;
}
