import type { Split, Splitter } from './split';

/** Maximum number of templates in a column. */
const MAX_TEMPLATES = 2048;
/** Maximum number of slots in a column. */
export const MAX_SLOTS = 256;
/** A skeleton becomes a template from this number of uses. */
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
  const splits = texts.map(split);
  const uses = new Map<string, number>();
  for (const each of splits)
    if (each !== undefined) uses.set(each.skeleton, (uses.get(each.skeleton) ?? 0) + 1);
  const found = new TemplateCollector();
  splits.forEach((each, index) => {
    const isShared = each !== undefined && (uses.get(each.skeleton) as number) >= MIN_USES;
    found.add(texts[index] as string, isShared ? each : undefined);
  });
  return found.others.length > texts.length * (1 - MIN_COVERAGE) ? undefined : found;
}

class TemplateCollector implements Templates {
  readonly skeletons: string[] = [];
  readonly slotsOf: (readonly number[])[] = [];
  readonly slots: string[] = [];
  readonly values: string[][] = [];
  readonly codes: number[] = [];
  readonly others: string[] = [];
  readonly #templates = new Map<string, number>();
  readonly #slots = new Map<string, number>();

  add(text: string, split: Split | undefined): void {
    const template = split && (this.#templates.get(split.skeleton) ?? this.#define(split));
    if (split === undefined || template === undefined) {
      this.codes.push(0);
      this.others.push(text);
      return;
    }
    this.codes.push(template + 1);
    const slots = this.slotsOf[template] as readonly number[];
    slots.forEach((slot, index) => (this.values[slot] as string[]).push(split.values[index] as string));
  }

  /** Returns the index of a new template, or `undefined` if there are too many. */
  #define({ skeleton, slots }: Split): number | undefined {
    const index = this.skeletons.length;
    const missing = new Set(slots.filter((slot) => !this.#slots.has(slot)));
    if (index === MAX_TEMPLATES || this.slots.length + missing.size > MAX_SLOTS) return undefined;
    for (const slot of missing) {
      this.#slots.set(slot, this.slots.length);
      this.slots.push(slot);
      this.values.push([]);
    }
    this.#templates.set(skeleton, index);
    this.skeletons.push(skeleton);
    this.slotsOf.push(slots.map((slot) => this.#slots.get(slot) as number));
    return index;
  }
}
