/** An event as a row of a block. All texts are well-formed. */
export interface BlockRow {
  readonly sequence: number;
  readonly id: string;
  /** In integer microseconds, as is `receivedAt`. */
  readonly timestamp: number;
  readonly receivedAt: number;
  /** The rank of the level. */
  readonly level: number;
  readonly severity: number;
  readonly message: string;
  readonly origin: string;
  readonly source: string;
  readonly type: string;
  readonly group: string;
  /** As JSON. */
  readonly tags: string;
  /** As JSON. */
  readonly data: string;
}
