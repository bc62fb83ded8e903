import { ByteWriter } from '../bytes/byte-writer';
import { DamagedBlockError } from '../bytes/damaged';
import type { Integers } from '../column/integer-values';
import type { Texts } from '../column/text-values';
import { MARK } from './split';

/** The templates of a column, one after another. */
export interface TemplateTable {
  readonly count: number;
  /** The literals of all templates, with a mark in place of each variable. */
  readonly bytes: Buffer;
  /** Where each literal is in the bytes. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** For each template the index of its first literal, then their number. A template has a literal more than variables. */
  readonly firsts: Int32Array;
  /** The slots of the variables of all templates. */
  readonly slots: Int32Array;
}

/**
 * Returns the templates with the given literals, which have a mark in place of each variable.
 *
 * @throws {DamagedBlockError} when literals and variables do not match.
 */
export function createTemplateTable(literals: Texts, variables: Integers, slotCount: number): TemplateTable {
  const slots = Int32Array.from(variables.slice(0, variables.length));
  for (let variable = 0; variable < slots.length; variable++)
    if (!((slots[variable] as number) >= 0 && (slots[variable] as number) < slotCount))
      throw new DamagedBlockError('a variable has no slot');
  const count = literals.length + slots.length;
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  const firsts = new Int32Array(literals.length + 1);
  const writer = new ByteWriter();
  let at = 0;
  let literal = 0;
  for (let template = 0; template < literals.length; template++) {
    literals.write(writer, template);
    const bytes = writer.written();
    starts[literal] = at;
    for (; at < bytes.length; at++) {
      if (bytes[at] !== MARK) continue;
      ends[literal++] = at;
      starts[literal] = at + 1;
    }
    ends[literal++] = at;
    firsts[template + 1] = literal;
  }
  if (literal !== count) throw new DamagedBlockError('its templates are damaged');
  return { count: literals.length, bytes: writer.finish(), starts, ends, firsts, slots };
}

/** Returns the literals of each template as one text, with a mark in place of each variable. */
export function patternsOf({ count, bytes, starts, ends, firsts }: TemplateTable): string[] {
  const all = bytes.toString();
  const isAscii = all.length === bytes.length;
  return Array.from({ length: count }, (_, template) => {
    const start = starts[firsts[template] as number] as number;
    const end = ends[(firsts[template + 1] as number) - 1] as number;
    return isAscii ? all.slice(start, end) : bytes.toString('utf8', start, end);
  });
}
