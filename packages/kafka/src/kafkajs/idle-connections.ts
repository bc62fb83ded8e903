import { setInterval } from '@vigilant/core/adapter';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

let isPatched = false;

/** Interval at which a connection checks for late responses, in milliseconds. That of kafkajs is 100. */
const TIMEOUT_CHECK_MS = 2_000;

/** Event of a request queue: the response to its oldest request is late. */
export const HUNG = 'hung';

/**
 * Patches kafkajs 2.2.4 to set fewer timers on idle connections.
 *
 * Without the patch, each connection keeps setting timers with a negative delay, which use CPU time and print a warning on newer
 * versions of Node.js. They are needed only while requests wait or are throttled. It also checks for late responses every 100 ms.
 */
export function quietIdleConnections(): void {
  if (isPatched) return;
  isPatched = true;
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
