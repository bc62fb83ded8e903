/** Opens windows, and observes whether they are open. */
export interface Browser {
  readonly name: string;
  /**
   * Starts to open a window.
   *
   * @throws {CliError} if the browser cannot be started
   */
  open(url: string): Promise<void>;
  /** Resolves once all windows are closed, to the reason if the browser failed. */
  readonly ended: Promise<{ readonly failure: string | undefined }>;
  /** Closes all windows. */
  close(): Promise<void>;
}
