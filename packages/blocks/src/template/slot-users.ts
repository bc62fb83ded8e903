import { DamagedBlockError } from '../bytes/damaged';
import type { Integers } from '../column/integer-values';
import { PIECE } from '../column/integer-values';
import type { TemplateSlots } from './template-slots';

/**
 * Returns the indexes of the texts that use some values of a slot, without finding the values of each text.
 *
 * @param codes - For each text its template plus one, or 0.
 * @param values - The indexes of the values, in ascending order.
 */
export function findUsers(
  codes: Integers,
  templates: TemplateSlots,
  slot: number,
  values: readonly number[],
): readonly number[] {
  const uses = usesOf(templates, slot);
  const users: number[] = [];
  let end = 0;
  let next = 0;
  for (let from = 0; from < codes.length && next < values.length; from += PIECE) {
    const piece = codes.slice(from, from + PIECE);
    for (let index = 0; index < piece.length; index++) {
      const count = uses[piece[index] as number];
      if (count === undefined) throw new DamagedBlockError('a text has an unknown template');
      end += count;
      if ((values[next] as number) >= end) continue;
      users.push(from + index);
      while ((values[next] as number) < end) next += 1;
    }
  }
  return users;
}

/** Returns for each code how often its template uses a slot. */
function usesOf({ count, firsts, slots }: TemplateSlots, slot: number): Uint8Array {
  const uses = new Uint8Array(count + 1);
  for (let template = 0; template < count; template++) {
    const last = firsts[template + 1] as number;
    for (let variable = firsts[template] as number; variable < last; variable++)
      if (slots[variable] === slot) (uses[template + 1] as number) += 1;
  }
  return uses;
}
