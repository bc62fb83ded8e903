// Reads the NDJSON export of a server to its end.
import { asTask } from '../child.mjs';

const NEWLINE = 10;

await asTask(async ({ url }) => {
  const started = performance.now();
  const response = await fetch(`${url}v1/export`);
  if (!response.ok) throw new Error(`The server answered ${response.status}: ${await response.text()}`);
  let lines = 0;
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1;
  }
  return { lines, bytes, seconds: (performance.now() - started) / 1000 };
});
