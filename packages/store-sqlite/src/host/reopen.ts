import type { AdapterContext } from '@vigilant/core';
import type { LogChange } from '../store/store-protocol';
import { RECENT_MS } from '../store/store-protocol';
import type { RunningWorker } from '../thread/restarting-worker';

/** Name of the store in diagnostics. */
export const STORE_COMPONENT = 'sqlite-store';

/** Returns a function that closes the connections of all threads before it opens any again. */
export function createReopen(
  file: string,
  threads: readonly Pick<RunningWorker, 'call'>[],
  { diagnostics }: Pick<AdapterContext, 'diagnostics'>,
): (change: LogChange) => void {
  let isReopening = false;
  let requested: LogChange | undefined;
  const reopen = async (): Promise<void> => {
    isReopening = true;
    while (requested !== undefined) {
      const change = requested;
      requested = undefined;
      const message = messageOf(file, change);
      diagnostics({
        level: 'warn',
        component: STORE_COMPONENT,
        code: 'log-replaced',
        message,
        details: { file },
      });
      // A thread that dies has no connection either. The writer resumes first, because it may have to append again.
      for (const thread of threads) await thread.call('release', change).catch(() => {});
      for (const thread of threads) await thread.call('resume').catch(() => {});
    }
    isReopening = false;
  };
  return (change) => {
    requested = { isTruncated: change.isTruncated || requested?.isTruncated === true };
    if (!isReopening) void reopen();
  };
}

function messageOf(file: string, { isTruncated }: LogChange): string {
  return isTruncated
    ? `The write-ahead log ${file}-wal was truncated while it was open. Events that were stored more than ` +
        `${RECENT_MS / 1000} s ago may be lost. The file is opened again with a new epoch. ` +
        'Do not change this file while a process uses it.'
    : `Another process deleted the write-ahead log of ${file}. The file is opened again. ` +
        'If this process opens and closes the file itself, such as to copy it, that releases the locks of SQLite. ' +
        'Copy it from another process instead.';
}
