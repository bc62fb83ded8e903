import type { TemplateSlot, TextTemplates } from '../column/text-column';
import type { JsonVariables } from '../template/json-variables';
import type { RowSet } from './row-set';
import { rowsWhere } from './row-set';
import { passingCodes } from './select-codes';

/** A value that is searched: a text, or also another scalar that is written alike. */
export interface SearchedValue {
  readonly text: string;
  readonly literal?: number | boolean | null | undefined;
}

/** With more templates, finding their slots takes longer than reading the values of each row. */
const MAX_SEARCHED_TEMPLATES = 64;

/**
 * Returns the rows that may have a value, or `undefined` if that is not faster than reading the values of each row. Searches the
 * slots as a whole, so most blocks without the value end there.
 *
 * @param variables - Those that are searched.
 */
export function findValueUsers(
  templates: TextTemplates,
  variables: JsonVariables<unknown>,
  value: SearchedValue,
): RowSet | undefined {
  const { count, codes } = templates;
  if (count > MAX_SEARCHED_TEMPLATES) return undefined;
  const slots = new Set<TemplateSlot>();
  for (let template = 0; template < count; template++)
    for (const { variable } of variables.of(template)) slots.add(templates.slotOf(template, variable));
  const rows = new Uint8Array(codes.length);
  // Texts without a template may have any value.
  codes.mark(
    passingCodes(count + 1, (code) => code === 0),
    rows,
  );
  for (const slot of slots) {
    const indexes = findInSlot(slot, value);
    if (indexes === undefined) return undefined;
    if (indexes.length > 0) for (const row of templates.usersOf(slot, indexes)) rows[row] = 1;
  }
  return rowsWhere(rows.length, (row) => rows[row] === 1);
}

/** Returns the indexes of the values of a slot that may be the searched one, or `undefined` if all may be. */
function findInSlot(slot: TemplateSlot, { text, literal }: SearchedValue): readonly number[] | undefined {
  const { integers } = slot;
  if (integers !== undefined) return typeof literal === 'number' ? integers.find(literal) : [];
  // Strings are stored with their escape sequences.
  const wanted = new Set([JSON.stringify(text).slice(1, -1), String(literal)]);
  const { dictionary, candidates } = slot.values();
  if (dictionary === undefined) return candidates?.(wanted);
  const { texts, indexes } = dictionary;
  const passing = passingCodes(texts.length, (code) => wanted.has(texts.get(code)));
  if (!passing.includes(1)) return [];
  const found = new Uint8Array(indexes.length);
  indexes.mark(passing, found);
  return indexesWhere(found.length, (index) => found[index] === 1);
}

function indexesWhere(count: number, test: (index: number) => boolean): number[] {
  const found: number[] = [];
  for (let index = 0; index < count; index++) if (test(index)) found.push(index);
  return found;
}
