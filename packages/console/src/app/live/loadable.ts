import type { GapReason, GapRow } from '../explore/rows/event-list';

/** Reasons of gaps whose events the server still has. */
const LOADABLE: readonly GapReason[] = ['fast', 'paused', 'slow'];

/** Returns whether the events of a gap can be loaded. */
export function isLoadable({ reason }: GapRow): boolean {
  return LOADABLE.includes(reason);
}
