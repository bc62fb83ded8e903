import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

let isGuarded = false;

/**
 * Keeps kafkajs 2.2.4 from setting a timer of a negative time, again and again, on every connection that is idle:
 * it costs a part of a core and on newer Nodes a warning. It is needed only when requests wait or were throttled.
 */
export function guardIdleTimer(): void {
  if (isGuarded) return;
  isGuarded = true;
  const prototype = RequestQueue.prototype;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
}
