import type { TemplateSlot, TextColumn, TextTemplates } from '../column/text-column';
import { unescape } from './json-strings';
import type { JsonScalar } from './json-values';
import { parseScalar } from './json-values';
import { MARK } from './split';

/** Returns values of a JSON text, numbers as text. */
export type JsonReader = (json: string) => readonly string[];

/** A variable of a template, and how a result is computed from its values. */
export interface ReadVariable<T> {
  readonly variable: number;
  /** @param index - Index of the value in its slot. */
  readonly read: (index: number) => T;
}

/** Computes results from the values that a reader returns. Decodes only the slots of these values. */
export class JsonVariables<T> {
  readonly #templates: TextTemplates;
  readonly #valuesOf: JsonReader;
  readonly #compute: (value: JsonScalar) => T;
  readonly #known: (readonly ReadVariable<T>[])[] = [];
  readonly #ofStrings = new Map<TemplateSlot, ReadVariable<T>['read']>();
  readonly #ofScalars = new Map<TemplateSlot, ReadVariable<T>['read']>();

  constructor(templates: TextTemplates, valuesOf: JsonReader, compute: (value: JsonScalar) => T) {
    this.#templates = templates;
    this.#valuesOf = valuesOf;
    this.#compute = compute;
  }

  /** Returns the variables of a template. */
  of(template: number): readonly ReadVariable<T>[] {
    return (this.#known[template] ??= this.#find(template));
  }

  #find(template: number): readonly ReadVariable<T>[] {
    const literals = literalsOf(this.#templates.patternOf(template));
    // The text has the number of each variable as its value, so the reader returns the numbers.
    return this.#valuesOf(numbered(literals)).map((value) => {
      const variable = Number(value);
      const isString = literals[variable]?.endsWith('"') ?? false;
      const slot = this.#templates.slotOf(template, variable);
      const readers = isString ? this.#ofStrings : this.#ofScalars;
      const read = readers.get(slot) ?? createReader(slot, isString, this.#compute);
      readers.set(slot, read);
      return { variable, read };
    });
  }
}

/** Returns the JSON of a template with the number of each variable in its place. */
export function numberedJson(pattern: string): string {
  return numbered(literalsOf(pattern));
}

function literalsOf(pattern: string): readonly string[] {
  return pattern.split(String.fromCharCode(MARK));
}

function numbered(literals: readonly string[]): string {
  return literals.reduce((text, literal, index) => `${text}${index - 1}${literal}`);
}

/** Creates a function that computes a result from a value of a slot: once for each different value of a dictionary. */
function createReader<T>(
  slot: TemplateSlot,
  isString: boolean,
  compute: (value: JsonScalar) => T,
): (index: number) => T {
  const { integers } = slot;
  if (integers !== undefined) return (index) => compute(integers.get(index));
  const fromText = (texts: TextColumn, index: number): T => {
    const text = texts.peek(index);
    return compute(isString ? unescape(text) : parseScalar(text));
  };
  const column = slot.values();
  const { dictionary } = column;
  if (dictionary === undefined) return (index) => fromText(column, index);
  const { texts, indexes } = dictionary;
  const known: T[] = [];
  return (index) => {
    const text = indexes.get(index);
    return (known[text] ??= fromText(texts, text));
  };
}
