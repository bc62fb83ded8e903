import { inChild } from '../child.mjs';
import { inFolder } from '../measure.mjs';
import { formatCount, format } from '../rows.mjs';

const HEAP_MB = 256;
const MAX_BYTES = 300e6;
const MAX_OPEN_SECONDS = 1;

const WHY =
  'One process runs all operations in turn, and Node.js does not return freed memory at once. In a process of its own, ' +
  'pruning a level of 10M events took about 155 MB in its first 40 s.';

/** Measures the resident memory of a process with a small heap while it opens, queries, exports and prunes a file. */
export function memory({ events: count }) {
  return inFolder(async (folder) => {
    const { unique } = await inChild('build-stores', { folder, count });
    const execArgv = [`--max-old-space-size=${HEAP_MB}`];
    const { operations } = await inChild('memory', { folder, unique }, { execArgv });
    return operations.map(({ what, seconds, bytes }) => ({
      what: `memory of: ${what}, of ${formatCount(count)}, heap of ${HEAP_MB} MB`,
      durability: '',
      ours: `${format(bytes / 1e6)} MB, ${format(seconds, 2)} s`,
      floor: '',
      why: what === 'open' ? undefined : WHY,
      target: what === 'open' ? '≤ 300 MB, 1 s' : '≤ 300 MB',
      isMet: bytes <= MAX_BYTES && (what !== 'open' || seconds <= MAX_OPEN_SECONDS),
    }));
  });
}
