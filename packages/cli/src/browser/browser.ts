/** Opens windows and reports when all of them are closed. */
export interface Browser {
  readonly name: string;
  /**
   * Begins to open a window.
   *
   * @throws {CliError} if the browser cannot be started
   */
  open(url: string): Promise<void>;
  /** Resolves once all windows are closed. `failure` is the reason if the browser failed. */
  readonly ended: Promise<{ readonly failure: string | undefined }>;
  /** Closes all windows. */
  close(): Promise<void>;
}
