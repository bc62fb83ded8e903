import { createManualClock } from '../../src/util/clock';
import type { DocumentStore } from '../../src/contracts/documents';
import type { DeadLetterQueue } from '../../src/delivery/dead-letter-queue';
import { createDeadLetterQueue } from '../../src/delivery/dead-letter-queue';
import { conflictLetter } from '../../src/delivery/dead-letter';
import type { Diagnostic } from '../../src/util/diagnostics';
import { createMemoryDocuments } from '../../src/memory/memory-documents';
import { event } from '../support';

export function setUp(options: { maxCount?: number; isVolatile?: boolean; documents?: DocumentStore } = {}) {
  const { documents = createMemoryDocuments(), maxCount = 100, isVolatile = false } = options;
  const clock = createManualClock();
  const diagnostics: Diagnostic[] = [];
  const create = (): DeadLetterQueue =>
    createDeadLetterQueue({
      ...{ documents, maxCount, isVolatile, now: () => clock.now() },
      diagnostics: (diagnostic) => diagnostics.push(diagnostic),
    });
  return { clock, diagnostics, documents, create, queue: create() };
}

export const conflict = (id: string, message = 'other') => conflictLetter(event({ id, message }));

export async function listed(queue: DeadLetterQueue) {
  return (await queue.list({ limit: 1_000 })).letters;
}
