import type { Component } from 'svelte';
import type { GapRow } from '../explore/rows/event-list';

export interface GapProps {
  readonly row: GapRow;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly zone: string;
  readonly isActive: boolean;
  /** Loads the events of the gap. */
  readonly onload: (row: GapRow) => void;
}

/** Shows gaps between rows, and loads their events. */
export interface GapView {
  readonly Row: Component<GapProps>;
  readonly load: (gap: GapRow) => void;
}
