import { systemClock } from '../util/clock';
import { VigilantError } from '../util/errors';
import { createMemoryBroker } from '../memory/memory-broker';
import { createMemoryDocuments } from '../memory/memory-documents';
import { createMemoryStore } from '../memory/memory-store';
import type { ResolvedVigilantOptions, VigilantOptions } from './options';

const MIB = 1024 * 1024;

/** Checks the options of an engine and fills in the defaults. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveVigilantOptions(options: VigilantOptions): ResolvedVigilantOptions {
  const { batch = {}, deadLetters = {}, store = createMemoryStore() } = options;
  const documents = deadLetters.documents ?? store.documents;
  checkKeys('', options, [
    ...['broker', 'store', 'defaults', 'batch', 'freshMs', 'graceMs', 'maxPendingBytes'],
    ...['deadLetters', 'redact', 'onDiagnostic', 'clock'],
  ]);
  checkKeys('batch.', batch, ['intervalMs', 'maxEvents', 'maxBytes']);
  checkKeys('deadLetters.', deadLetters, ['documents', 'maxCount']);
  return Object.freeze({
    broker: options.broker ?? createMemoryBroker(),
    store,
    defaults: options.defaults ?? {},
    batch: Object.freeze({
      intervalMs: integer('batch.intervalMs', batch.intervalMs ?? 30_000, 1, 86_400_000),
      maxEvents: integer('batch.maxEvents', batch.maxEvents ?? 5_000, 1, 100_000),
      maxBytes: integer('batch.maxBytes', batch.maxBytes ?? 8 * MIB, 1, 256 * MIB),
    }),
    freshMs: integer('freshMs', options.freshMs ?? 2_000, 0, 600_000),
    graceMs: integer('graceMs', options.graceMs ?? 10_000, 0, 600_000),
    maxPendingBytes: integer('maxPendingBytes', options.maxPendingBytes ?? 64 * MIB, MIB, 4_096 * MIB),
    deadLetters: Object.freeze({
      documents: documents ?? createMemoryDocuments(),
      isVolatile: documents === undefined,
      maxCount: integer('deadLetters.maxCount', deadLetters.maxCount ?? 10_000, 1, 10_000_000),
    }),
    redact: options.redact,
    onDiagnostic: options.onDiagnostic,
    clock: options.clock ?? systemClock,
  });
}

function checkKeys(path: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw new VigilantError(
      'VIGILANT_OPTIONS_INVALID',
      `${path}${key} is no option; there are ${known.join(', ')}.`,
    );
  }
}

function integer(name: string, value: number, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new VigilantError(
    'VIGILANT_OPTIONS_INVALID',
    `${name} must be an integer from ${min} to ${max}, not ${String(value)}.`,
  );
}
