/** Levels, lowest first. */
export const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type Level = (typeof LEVELS)[number];

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** An event of the HTTP API. Times are ISO 8601 in UTC with up to 6 decimals. */
export interface ApiEvent {
  readonly id: string;
  readonly message: string;
  readonly level: Level;
  readonly severity: number;
  readonly timestamp: string;
  readonly receivedAt: string;
  readonly origin: string;
  readonly source: string;
  readonly type: string;
  readonly group: string;
  readonly tags: readonly string[];
  readonly data: JsonObject;
  /** Absent in events of a tail. */
  readonly sequence?: number;
}

export interface Freshness {
  readonly complete: boolean;
  readonly pending?: number;
}

export interface EventsPage {
  readonly events: readonly ApiEvent[];
  readonly nextCursor?: string;
  readonly tailCursor: string;
  /** `false` when the deadline ended the search; `nextCursor` continues it. */
  readonly complete: boolean;
  readonly beyond?: number;
  readonly freshness: Freshness;
}

export interface HistogramBucket {
  readonly start: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly other?: number;
}

export interface Histogram {
  readonly buckets: readonly HistogramBucket[];
  /** Absent, as `until`, if no event matches and the range has no start. */
  readonly from?: string;
  readonly until?: string;
  readonly bucketMs: number;
  readonly exact: boolean;
  readonly complete: boolean;
  readonly beyond?: number;
}

export interface FacetValue {
  readonly value: string;
  readonly count: number;
}

export interface Facet {
  readonly field: string;
  readonly values: readonly FacetValue[];
  readonly distinct?: number;
  readonly exact: boolean;
}

export interface Facets {
  readonly facets: readonly Facet[];
  readonly complete: boolean;
}

/** The part of the status of the server that the console shows. */
export interface Status {
  readonly state: 'idle' | 'ready' | 'degraded' | 'closing' | 'closed';
  readonly reasons: readonly string[];
  readonly capabilities: { readonly store: { readonly readOnly?: boolean } };
  readonly broker: {
    readonly state: string;
    readonly reason?: string;
    readonly pendingEvents: number;
    readonly lastProgressAt?: number | string;
  };
  readonly store?: {
    readonly events: number;
    readonly prunedThrough: number;
    readonly state: string;
    readonly reason?: string;
    readonly bytes?: number;
  };
  /** Timestamp of the oldest stored event. */
  readonly oldestEventAt?: string;
  readonly scheduler: {
    readonly state: string;
    readonly reason?: string;
    readonly waitingEvents: number;
    /** How long the oldest event that is not stored yet has waited, in milliseconds. */
    readonly lagMs: number;
    /** How long the oldest event of the last batch waited until it was stored, in milliseconds. */
    readonly storedLagMs?: number;
    readonly stored: number;
    readonly duplicates: number;
    readonly conflicts: number;
    readonly deadLetters: number;
    readonly droppedDeadLetters: number;
  };
  readonly intake: { readonly accepted: number; readonly invalid: number; readonly failed: number };
  readonly tails: number;
  readonly version: string;
  readonly now: string;
}

/** A filter and a time range, as every reading endpoint accepts them. */
export interface Scope {
  readonly filter: string;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}
