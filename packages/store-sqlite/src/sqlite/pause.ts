/** Set to 1 by the host to request the end of this thread. */
let endRequest: Int32Array = new Int32Array(new SharedArrayBuffer(4));

/** Sets the flag that `endIfRequested` reads. */
export function setEndRequest(flag: Int32Array): void {
  endRequest = flag;
}

/** Ends this thread if the host has requested it. */
export function endIfRequested(): void {
  // eslint-disable-next-line no-restricted-properties -- In a worker thread this ends the thread, not the process.
  if (Atomics.load(endRequest, 0) === 1) process.exit();
}

/**
 * Blocks this thread. The thread ends here as soon as the host requests it.
 *
 * Otherwise the host would have to terminate a thread that waits for a lock. If that happens while better-sqlite3 creates the
 * error of an attempt, the whole process aborts.
 */
export function pauseThread(ms: number): void {
  Atomics.wait(endRequest, 0, 0, ms);
  endIfRequested();
}
