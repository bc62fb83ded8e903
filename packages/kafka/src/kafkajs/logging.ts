import type { DiagnosticSink } from '@vigilant/core';
import type { logCreator } from 'kafkajs';

/** Messages of normal operation: rebalances, nodes that have just started, connections that the client has closed. */
const ROUTINE =
  /coordinator (is|for)|not (the )?(correct )?coordinator|rebalanc|re-joining|not aware of this member|does not host this topic|leaderless|is currently|no leader|client is closed/i;

/** Levels of kafkajs. */
const ERROR = 1;
const WARN = 2;

/**
 * Passes log entries of kafkajs to a sink.
 *
 * Failures are also reported by the broker, with a remedy. So errors of kafkajs are warnings, and routine messages have the
 * level `debug`.
 */
export function createLogCreator(sink: DiagnosticSink): logCreator {
  return () =>
    ({ namespace, level, log }) => {
      const { message, ...details } = log as { message: string; error?: unknown };
      const reason = typeof details.error === 'string' ? `${message}: ${details.error}` : message;
      const isWarning = (level === ERROR || level === WARN) && !ROUTINE.test(reason);
      sink({
        level: isWarning ? 'warn' : 'debug',
        component: 'kafka',
        code: `kafkajs-${namespace.replace(/\W+\d*/g, '-').toLowerCase()}`,
        message: reason,
      });
    };
}
