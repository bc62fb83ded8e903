import { MAX_ROWS } from '@vigilant/blocks';

/** When events become blocks. */
export interface BlockLimits {
  /** Number of events from which an append writes blocks instead of rows. */
  readonly directEvents: number;
  /** Number of rows above which the oldest are sealed in the background. */
  readonly maxRows: number;
  /** Size of the rows above which the oldest are sealed as well, in bytes as retention counts them. */
  readonly maxRowBytes: number;
  /** Maximum number of events in a block. */
  readonly blockEvents: number;
  /** Maximum size of the events in a block, in bytes as retention counts them, unless it has only one. */
  readonly blockBytes: number;
}

/** The limits of every store. Tests set smaller ones. */
export const BLOCK_LIMITS: BlockLimits = {
  directEvents: 1_024,
  maxRows: 12_288,
  maxRowBytes: 32 * 1024 * 1024,
  blockEvents: MAX_ROWS,
  blockBytes: 4 * 1024 * 1024,
};
