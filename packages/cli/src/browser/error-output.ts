import type { Readable } from 'node:stream';

/** Size of the output that is kept, in characters. */
const KEPT = 4_096;

/** Number of lines that an error quotes. */
const QUOTED = 3;

/** Messages that Chromium prints even if everything works. */
const NOISE = /\bdbus\b|unexpected operator|^\s*$/;

/** Collects the end of what a program prints. Returns a function that quotes it. */
export function collectErrors(stream: Readable | null): () => string {
  let text = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => (text = (text + chunk).slice(-KEPT)));
  return () => {
    const lines = text.split('\n').filter((line) => !NOISE.test(line));
    return lines.slice(-QUOTED).join('\n');
  };
}
