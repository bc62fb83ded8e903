/** What the top bar shows of the rows that follow new events. */
export interface LiveControl {
  readonly isPaused: boolean;
  /** Whether the server sends new events at present. */
  readonly isConnected: boolean;
  /** Number of events that wait for the rows to be resumed. */
  readonly waiting: number;
  pause(): void;
  resume(): void;
}
