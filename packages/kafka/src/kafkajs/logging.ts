import type { DiagnosticSink } from '@vigilant/core';
import type { logCreator } from 'kafkajs';

/** What kafkajs says while all is well: groups that form or change, a broker that has just started, connections that we cut. */
const NOISE =
  /coordinator (is|for)|not (the )?(correct )?coordinator|rebalanc|re-joining|not aware of this member|does not host this topic|leaderless|is currently|no leader|client is closed/i;

/** kafkajs's own levels. */
const ERROR = 1;
const WARN = 2;

/**
 * Passes what kafkajs logs to a sink. Whatever matters is reported by us as well, with what to do: so nothing of it is
 * more than a warning, and noise is for those who debug.
 */
export function createLogCreator(sink: DiagnosticSink): logCreator {
  return () =>
    ({ namespace, level, log }) => {
      const { message, ...details } = log as { message: string; error?: unknown };
      const reason = typeof details.error === 'string' ? `${message}: ${details.error}` : message;
      const isLoud = (level === ERROR || level === WARN) && !NOISE.test(reason);
      sink({
        level: isLoud ? 'warn' : 'debug',
        component: 'kafka',
        code: `kafkajs-${namespace.replace(/\W+\d*/g, '-').toLowerCase()}`,
        message: reason,
      });
    };
}
