import type { FilterInput, TailItem, TailOptions } from '../contracts/vigilant';
import { resolveFilter } from '../filter/time';
import { toFilter } from '../filter/to-filter';
import { decodeTailCursor } from '../query/cursor';
import { checkInteger, checkOptions } from '../query/argument-checks';
import { createTailIterator } from '../tail/tail-iterator';
import { checkBooleanOption } from '../util/option-checks';
import { sharedSignal } from '../util/signals';
import type { EngineParts } from './wiring';

const MIB = 1024 * 1024;

/**
 * Checks the arguments of a tail and joins the hub.
 *
 * @throws {VigilantError} `VIGILANT_FILTER_INVALID`, `VIGILANT_QUERY_INVALID`, `VIGILANT_CURSOR_INVALID`
 */
export function openTail(
  { options: { clock }, hub }: EngineParts,
  input: FilterInput,
  options: TailOptions,
): AsyncIterableIterator<TailItem> {
  checkOptions('tail()', options, ['cursor', 'checkpoints', 'maxBufferedBytes', 'signal']);
  const { checkpoints = false, maxBufferedBytes = 4 * MIB, cursor } = options;
  checkBooleanOption('checkpoints', checkpoints, 'VIGILANT_QUERY_INVALID');
  checkInteger('maxBufferedBytes', maxBufferedBytes, 1, 1024 * MIB);
  const signal = sharedSignal(options.signal);
  const joined = { filter: resolveFilter(toFilter(input), clock.now()), checkpoints, maxBufferedBytes };
  const reader =
    cursor === undefined ? hub.join(joined) : hub.join({ ...joined, cursor: decodeTailCursor(cursor) });
  return createTailIterator(reader, signal);
}
