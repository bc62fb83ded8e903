import type { Readable } from 'node:stream';

/** Length of the output that is kept, in UTF-16 code units. */
const KEPT = 4_096;

/** Number of lines that an error quotes. */
const QUOTED = 3;

/** Messages that Chromium prints even if everything works. */
const NOISE = /\bdbus\b|unexpected operator|^\s*$/;

/** The end of what a program prints to the standard error. */
export interface ErrorOutput {
  /** Returns the last lines that may explain a failure; `''` if there are none. */
  quote(): string;
}

/** Collects the end of a stream. */
export function createErrorOutput(stream: Readable | null): ErrorOutput {
  return new CollectedOutput(stream);
}

class CollectedOutput implements ErrorOutput {
  #text = '';

  constructor(stream: Readable | null) {
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => (this.#text = (this.#text + chunk).slice(-KEPT)));
  }

  quote(): string {
    const lines = this.#text.split('\n').filter((line) => !NOISE.test(line));
    return lines.slice(-QUOTED).join('\n');
  }
}
