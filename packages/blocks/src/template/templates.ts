import type { Splitter } from './split';

/** Maximum number of templates in a column. */
const MAX_TEMPLATES = 2048;
/** Maximum number of slots in a column. */
export const MAX_SLOTS = 256;
/** Minimum number of uses of a skeleton that becomes a template. */
const MIN_USES = 2;
/** Templates pay if they cover this share of the texts. */
const MIN_COVERAGE = 0.5;

/** A column of texts by their templates. */
export interface Templates {
  readonly skeletons: readonly string[];
  /** The slots of each template, as indexes in `slots`. */
  readonly slotsOf: readonly (readonly number[])[];
  readonly slots: readonly string[];
  /** The values of each slot, in the order of the texts. */
  readonly values: readonly (readonly string[])[];
  /** For each text the index of its template plus one, or 0 for a text without a template. */
  readonly codes: readonly number[];
  /** The texts without a template. */
  readonly others: readonly string[];
}

/** Finds the templates of some texts. Returns `undefined` if they do not pay. */
export function findTemplates(texts: readonly string[], split: Splitter): Templates | undefined {
  const shapes = new Map<string, Shape>();
  const splits = texts.map((text) => {
    const found = split(text, false);
    return found && { values: found.values, shape: shapeOf(shapes, found.skeleton) };
  });
  const collector = new TemplateCollector(split);
  texts.forEach((text, index) => collector.add(text, splits[index]));
  return collector.others.length > texts.length * (1 - MIN_COVERAGE) ? undefined : collector;
}

/** Texts with one skeleton. */
interface Shape {
  readonly skeleton: string;
  uses: number;
  /** Index of the template; -1 if there is none, undefined until the first text of the shape is added. */
  template: number | undefined;
}

interface ShapedText {
  readonly shape: Shape;
  readonly values: readonly string[];
}

function shapeOf(shapes: Map<string, Shape>, skeleton: string): Shape {
  let shape = shapes.get(skeleton);
  if (shape === undefined) {
    shape = { skeleton, uses: 0, template: undefined };
    shapes.set(skeleton, shape);
  }
  shape.uses += 1;
  return shape;
}

class TemplateCollector implements Templates {
  readonly skeletons: string[] = [];
  readonly slotsOf: (readonly number[])[] = [];
  readonly slots: string[] = [];
  readonly values: string[][] = [];
  readonly codes: number[] = [];
  readonly others: string[] = [];
  readonly #split: Splitter;
  readonly #slots = new Map<string, number>();

  constructor(split: Splitter) {
    this.#split = split;
  }

  add(text: string, shaped: ShapedText | undefined): void {
    const template = shaped === undefined ? -1 : (shaped.shape.template ??= this.#define(shaped.shape, text));
    this.codes.push(template + 1);
    if (shaped === undefined || template === -1) {
      this.others.push(text);
      return;
    }
    const slots = this.slotsOf[template] as readonly number[];
    for (let index = 0; index < slots.length; index++)
      (this.values[slots[index] as number] as string[]).push(shaped.values[index] as string);
  }

  /** Returns the index of a new template; -1 if it does not pay or there are too many. */
  #define({ skeleton, uses }: Shape, text: string): number {
    const slots = uses < MIN_USES ? undefined : this.#split(text, true)?.slots;
    if (slots === undefined || this.skeletons.length === MAX_TEMPLATES) return -1;
    const missing = new Set(slots.filter((slot) => !this.#slots.has(slot)));
    if (this.slots.length + missing.size > MAX_SLOTS) return -1;
    for (const slot of missing) {
      this.#slots.set(slot, this.slots.length);
      this.slots.push(slot);
      this.values.push([]);
    }
    this.slotsOf.push(slots.map((slot) => this.#slots.get(slot) as number));
    return this.skeletons.push(skeleton) - 1;
  }
}
