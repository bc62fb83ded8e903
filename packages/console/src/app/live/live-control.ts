/** State and commands of live rows, for the top bar. */
export interface LiveControl {
  readonly isPaused: boolean;
  /** Whether the connection for new events is open. */
  readonly isConnected: boolean;
  /** Number of events that wait for the rows to be resumed. */
  readonly waiting: number;
  pause(): void;
  resume(): void;
}
