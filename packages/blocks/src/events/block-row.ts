import type { EventRow } from '@vigilant/core/adapter';

/** An event as a row of a block. All texts are well-formed. */
export interface BlockRow extends EventRow {
  readonly sequence: number;
}
