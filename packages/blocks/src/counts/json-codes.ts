import type { TemplateSlot, TextColumn, TextTemplates } from '../column/text-column';
import type { Block } from '../read/block';
import type { RowSet } from '../read/row-set';
import { hasRow } from '../read/row-set';
import type { CodedColumn, CodeTable } from './code-builder';
import { CodeBuilder } from './code-builder';

/** Returns the distinct values by which a JSON text is counted, as text. */
export type JsonReader = (json: string) => readonly string[];

/** Reads values of a column of JSON. If the column is stored by template, only the variables with these values are decoded. */
export function readJsonCodes(
  block: Block,
  name: 'tags' | 'data',
  rows: RowSet,
  valuesOf: JsonReader,
): CodedColumn {
  const column = block.column(name);
  const builder = new CodeBuilder(column.length);
  const codesOf = createTextReader(builder.table, valuesOf);
  const { dictionary, templates } = column;
  const templated = templates && new TemplatedCodes(templates, builder, valuesOf);
  for (let row = 0; row < column.length; row++) {
    if (hasRow(rows, row) && templated?.add(row) !== true) {
      const text = dictionary?.texts.get(dictionary.indexes[row] as number) ?? block.value(name, row);
      for (const code of codesOf(text)) builder.add(code);
    }
    builder.endRow();
  }
  return builder.finish();
}

/** Creates a function that returns the codes of a whole text. It reads equal texts once. */
function createTextReader(table: CodeTable, valuesOf: JsonReader): (json: string) => readonly number[] {
  const known = new Map<string, readonly number[]>();
  return (json) => {
    let codes = known.get(json);
    if (codes === undefined) {
      codes = valuesOf(json).map((value) => table.codeOf(value));
      known.set(json, codes);
    }
    return codes;
  };
}

/** A variable of a template whose values are counted. */
interface CountedVariable {
  readonly variable: number;
  readonly codeOf: (index: number) => number;
}

/** Reads the codes of texts from the variables of their templates. */
class TemplatedCodes {
  readonly #templates: TextTemplates;
  readonly #literals: readonly (readonly string[])[];
  readonly #builder: CodeBuilder;
  readonly #valuesOf: JsonReader;
  /** For each template that was used the variables that are counted. */
  readonly #variables: (readonly CountedVariable[])[] = [];
  readonly #strings = new Map<TemplateSlot, CountedVariable['codeOf']>();
  readonly #scalars = new Map<TemplateSlot, CountedVariable['codeOf']>();

  constructor(templates: TextTemplates, builder: CodeBuilder, valuesOf: JsonReader) {
    this.#templates = templates;
    this.#literals = templates.literals;
    this.#builder = builder;
    this.#valuesOf = valuesOf;
  }

  /** Adds the codes of a row. Returns `false` if it has no template. */
  add(row: number): boolean {
    const template = this.#templates.templateOf(row);
    if (template === -1) return false;
    const variables = (this.#variables[template] ??= this.#variablesOf(template));
    for (const { variable, codeOf } of variables)
      this.#builder.add(codeOf(this.#templates.valueOf(row, variable)));
    return true;
  }

  /** Finds the variables that are counted: in a text whose variables are their own numbers, these are its values. */
  #variablesOf(template: number): readonly CountedVariable[] {
    const literals = this.#literals[template] as readonly string[];
    const numbered = literals.reduce((text, literal, index) => `${text}${index - 1}${literal}`);
    return this.#valuesOf(numbered).map((value) => {
      const variable = Number(value);
      const isString = literals[variable]?.endsWith('"') ?? false;
      const slot = this.#templates.slotOf(template, variable);
      const readers = isString ? this.#strings : this.#scalars;
      const codeOf = readers.get(slot) ?? createSlotReader(slot, isString, this.#builder.table);
      readers.set(slot, codeOf);
      return { variable, codeOf };
    });
  }
}

/** Creates a function that returns the code of a value of a slot. */
function createSlotReader(
  slot: TemplateSlot,
  isString: boolean,
  table: CodeTable,
): (index: number) => number {
  const column = slot.values();
  const read = (texts: TextColumn, index: number): number => {
    const text = texts.get(index);
    if (slot.isInteger || (isString && !text.includes('\\'))) return table.codeOf(text);
    return table.codeOf(String(JSON.parse(isString ? `"${text}"` : text)));
  };
  const { dictionary } = column;
  if (dictionary === undefined) return (index) => read(column, index);
  const { texts, indexes } = dictionary;
  const codes: (number | undefined)[] = [];
  return (index) => {
    const text = indexes[index] as number;
    return (codes[text] ??= read(texts, text));
  };
}
