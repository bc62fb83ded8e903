#!/usr/bin/env node
import { isatty } from 'node:tty';
import { runCli } from './command/run-cli';
import { createSystem } from './system/create-system';

/** How long a repeated signal is ignored, in milliseconds: npm forwards signals that the terminal has already sent. */
const REPEAT_MS = 1_000;

/** How long stopping may take before the process exits, in milliseconds. */
const STOP_LIMIT_MS = 9_000;

const stopping = new AbortController();
let stoppingSince = 0;

function onSignal(): void {
  if (stopping.signal.aborted) {
    if (performance.now() - stoppingSince > REPEAT_MS) process.exit(130);
    return;
  }
  stoppingSince = performance.now();
  stopping.abort();
  setTimeout(() => {
    console.error(`vigilant: stopping took longer than ${STOP_LIMIT_MS} ms; the process exits now`);
    process.exit(1);
  }, STOP_LIMIT_MS).unref();
}

process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);
// A process without a terminal, such as one under nohup, ignores SIGHUP.
const isInTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
process.on('SIGHUP', isInTerminal ? onSignal : () => {});
// The command keeps running after the reader of its output has exited.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

void runCli(process.argv.slice(2), createSystem(process, stopping.signal)).then(
  (code) => (process.exitCode = code),
);
