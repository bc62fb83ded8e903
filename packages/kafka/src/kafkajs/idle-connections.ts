import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

let isGuarded = false;

/** How often a connection looks for requests that were not answered in time, in milliseconds; kafkajs does each 100. */
const TIMEOUT_CHECK_MS = 2_000;

/** Emitted by a request queue when its oldest request was not answered in time. */
export const HUNG = 'hung';

/**
 * Keeps idle connections of kafkajs 2.2.4 quiet.
 *
 * Each of them sets a timer of a negative time again and again, which costs a part of a core and on newer Nodes a
 * warning; it is needed only when requests wait or were throttled. And each looks ten times a second for late answers.
 */
export function quietIdleConnections(): void {
  if (isGuarded) return;
  isGuarded = true;
  const prototype = RequestQueue.prototype;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
  prototype.scheduleRequestTimeoutCheck = function (this: RequestQueue) {
    this.destroy();
    this.requestTimeoutIntervalId = setInterval(() => {
      const requests = [...this.inflight.values()];
      const late = requests.filter(({ sentAt, requestTimeout }) => Date.now() - sentAt > requestTimeout);
      for (const request of late) request.timeoutRequest();
      // Kafka answers in order, so requests behind a long one, such as joining a group, are late without a fault.
      if (late.length > 0 && late[0] === requests[0]) this.emit(HUNG);
      if (!this.isConnected()) this.destroy();
    }, TIMEOUT_CHECK_MS);
  };
}
