import { resolveDefaults } from '../event/defaults';
import { checkLevel } from '../event/level';
import { createMemoryBroker } from '../memory/memory-broker';
import { createMemoryDocuments } from '../memory/memory-documents';
import { createMemoryStore } from '../memory/memory-store';
import { resolveRetention } from '../retention/resolve-retention';
import { systemClock } from '../util/clock';
import {
  checkFunctionOption,
  checkIntegerOption,
  checkMethodsOption,
  checkObjectOption,
  checkOptionKeys,
  needlessBroker,
} from '../util/option-checks';
import type { ResolvedVigilantOptions, VigilantOptions } from './options';

const MIB = 1024 * 1024;

const OPTIONS = [
  'broker',
  'store',
  'defaults',
  'level',
  'batch',
  'freshMs',
  'graceMs',
  'maxPendingBytes',
  'deadLetters',
  'retention',
  'redact',
  'onDiagnostic',
  'clock',
];

const BROKER_METHODS = ['open', 'publish', 'consume', 'watch', 'barrier', 'status', 'close'];
const STORE_METHODS = ['open', 'append', 'get', 'query', 'status', 'close'];
const DOCUMENTS_METHODS = ['get', 'list', 'count', 'put', 'delete', 'write'];
const CLOCK_METHODS = ['now', 'monotonic', 'after'];

/** Checks the options of an engine and fills in the defaults. @throws {VigilantError} `VIGILANT_OPTIONS_INVALID` */
export function resolveVigilantOptions(options: VigilantOptions): ResolvedVigilantOptions {
  checkOptionKeys('createVigilant()', options, OPTIONS);
  const {
    broker = createMemoryBroker(),
    store = createMemoryStore(),
    defaults = {},
    level = 'DEBUG',
    freshMs = 2_000,
    graceMs = 10_000,
    maxPendingBytes = 64 * MIB,
    redact,
    onDiagnostic,
    clock = systemClock,
  } = options;
  checkMethodsOption('broker', broker, 'a Broker', BROKER_METHODS);
  checkObjectOption('broker.capabilities', broker.capabilities);
  checkMethodsOption('store', store, 'a Store', STORE_METHODS);
  checkObjectOption('store.capabilities', store.capabilities);
  const isReadOnly = store.capabilities.readOnly === true;
  if (isReadOnly && options.broker !== undefined) throw needlessBroker();
  checkObjectOption('defaults', defaults);
  if (redact !== undefined) checkFunctionOption('redact', redact);
  if (onDiagnostic !== undefined) checkFunctionOption('onDiagnostic', onDiagnostic);
  checkMethodsOption('clock', clock, 'a Clock', CLOCK_METHODS);
  return Object.freeze({
    broker,
    store,
    isReadOnly,
    defaults: resolveDefaults(defaults),
    level: checkLevel('level', level),
    batch: resolveBatch(options.batch),
    freshMs: checkIntegerOption('freshMs', freshMs, 0, 600_000),
    graceMs: checkIntegerOption('graceMs', graceMs, 0, 600_000),
    maxPendingBytes: checkIntegerOption('maxPendingBytes', maxPendingBytes, MIB, 4_096 * MIB),
    deadLetters: resolveDeadLetters(options.deadLetters, store),
    retention: resolveRetention(options.retention, store),
    redact,
    onDiagnostic,
    clock,
  });
}

function resolveBatch(batch: VigilantOptions['batch'] = {}): ResolvedVigilantOptions['batch'] {
  checkOptionKeys('batch', batch, ['intervalMs', 'maxEvents', 'maxBytes']);
  const { intervalMs = 30_000, maxEvents = 5_000, maxBytes = 8 * MIB } = batch;
  return Object.freeze({
    intervalMs: checkIntegerOption('batch.intervalMs', intervalMs, 1, 86_400_000),
    maxEvents: checkIntegerOption('batch.maxEvents', maxEvents, 1, 100_000),
    maxBytes: checkIntegerOption('batch.maxBytes', maxBytes, 1, 256 * MIB),
  });
}

function resolveDeadLetters(
  deadLetters: VigilantOptions['deadLetters'] = {},
  store: ResolvedVigilantOptions['store'],
): ResolvedVigilantOptions['deadLetters'] {
  checkOptionKeys('deadLetters', deadLetters, ['documents', 'maxCount']);
  const { documents = store.documents, maxCount = 10_000 } = deadLetters;
  if (documents !== undefined) {
    checkMethodsOption('deadLetters.documents', documents, 'a DocumentStore', DOCUMENTS_METHODS);
  }
  return Object.freeze({
    documents: documents ?? createMemoryDocuments(),
    isVolatile: documents === undefined,
    maxCount: checkIntegerOption('deadLetters.maxCount', maxCount, 1, 10_000_000),
  });
}
