import type { ByteTexts } from '../bytes/byte-texts';
import { DamagedBlockError } from '../bytes/damaged';
import type { Integers } from '../column/integer-values';
import { MARK, MAX_VARIABLES } from './split';

/** The slots of the variables of all templates, one template after another. */
export interface TemplateSlots {
  /** Number of templates. */
  readonly count: number;
  /** For each template the index of its first variable, then the number of all. */
  readonly firsts: Int32Array;
  readonly slots: Int32Array;
  /** For each variable the number of variables before it in its template that have the same slot. */
  readonly repeats: Int32Array;
}

/** Counts the variables of templates. @param literals - With a mark in place of each variable. */
export function countVariables({ bytes, starts, ends }: ByteTexts): Float64Array {
  return Float64Array.from(starts, (start, template) => {
    let count = 0;
    for (let at = start; at < (ends[template] as number); at++) if (bytes[at] === MARK) count += 1;
    return count;
  });
}

/** Returns the slots of templates with some numbers of variables. @throws {DamagedBlockError} when these do not match. */
export function readTemplateSlots(
  count: number,
  counts: Integers,
  variables: Integers,
  slotCount: number,
): TemplateSlots {
  const slots = Int32Array.from(variables.slice(0, variables.length));
  for (let variable = 0; variable < slots.length; variable++)
    if (!((slots[variable] as number) >= 0 && (slots[variable] as number) < slotCount))
      throw new DamagedBlockError('a variable has no slot');
  const firsts = new Int32Array(count + 1);
  for (let template = 0; template < Math.min(count, counts.length); template++) {
    const variableCount = counts.get(template);
    if (!(variableCount >= 0 && variableCount <= MAX_VARIABLES))
      throw new DamagedBlockError('its templates are damaged');
    firsts[template + 1] = (firsts[template] as number) + variableCount;
  }
  if (counts.length !== count || firsts[count] !== slots.length)
    throw new DamagedBlockError('its templates are damaged');
  return { count, firsts, slots, repeats: repeatsOf(firsts, slots, slotCount) };
}

function repeatsOf(firsts: Int32Array, slots: Int32Array, slotCount: number): Int32Array {
  const repeats = new Int32Array(slots.length);
  /** For each slot the last variable that has it. */
  const last = new Int32Array(slotCount).fill(-1);
  for (let template = 1; template < firsts.length; template++) {
    const first = firsts[template - 1] as number;
    for (let variable = first; variable < (firsts[template] as number); variable++) {
      const slot = slots[variable] as number;
      const before = last[slot] as number;
      if (before >= first) repeats[variable] = (repeats[before] as number) + 1;
      last[slot] = variable;
    }
  }
  return repeats;
}
