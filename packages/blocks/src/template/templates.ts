import type { ByteTexts } from '../bytes/byte-texts';
import { ByteWriter } from '../bytes/byte-writer';
import { MARK, NOT_SPLIT } from './split';
import type { SlotKey } from './split';
import type { SplitColumn } from './split-column';

/** Maximum number of templates in a column. */
export const MAX_TEMPLATES = 2048;
/** Maximum number of slots in a column. */
export const MAX_SLOTS = 256;
/** Minimum number of uses of a shape that becomes a template. */
const MIN_USES = 2;
/** Minimum share of the texts that the templates must cover. */
const MIN_COVERAGE = 0.5;
const NO_TEMPLATE = 0;

/** The values of all variables that share a slot, in the order of the texts. */
export interface Slot {
  readonly kind: number;
  readonly values: ByteTexts;
}

/** A column of texts by their templates. */
export interface Templates {
  /** The literals of each template, with a mark in place of each variable. */
  readonly literals: ByteTexts;
  /** The slot of each variable of each template, one template after another. */
  readonly variables: Float64Array;
  readonly slots: readonly Slot[];
  /** For each text the index of its template plus one, or 0 for a text without a template. */
  readonly codes: Float64Array;
  /** The texts without a template. */
  readonly others: ByteTexts;
}

/** Finds the templates of some texts. Returns `undefined` if they cover too few. */
export function findTemplates(column: SplitColumn): Templates | undefined {
  const templates = new TemplateCollector(column);
  return templates.isWorthIt ? templates.collect() : undefined;
}

/** The part of `Slot` that is known before the values. */
interface SlotCount {
  readonly kind: number;
  count: number;
}

class TemplateCollector {
  readonly #column: SplitColumn;
  /** For each shape its template plus one, or 0. */
  readonly #codes: Int32Array;
  /** The slots of the variables of each template. */
  readonly #templates: Int32Array[] = [];
  readonly #rows: number[] = [];
  readonly #slots: SlotCount[] = [];
  readonly #slotsByKey = new Map<number, number>();
  #covered = 0;

  constructor(column: SplitColumn) {
    this.#column = column;
    this.#codes = new Int32Array(column.shapeCount);
    for (let shape = 0; shape < column.shapeCount; shape++) this.#codes[shape] = this.#define(shape);
  }

  get isWorthIt(): boolean {
    return this.#covered >= this.#column.shapes.length * MIN_COVERAGE;
  }

  collect(): Templates {
    const { shapes, texts, variables, firsts } = this.#column;
    const codes = new Float64Array(shapes.length);
    const others = rangesOf(texts.bytes, shapes.length - this.#covered);
    const slots = this.#slots.map(({ kind, count }) => ({ kind, values: rangesOf(texts.bytes, count) }));
    const used = new Int32Array(slots.length);
    let otherCount = 0;
    for (let row = 0; row < shapes.length; row++) {
      const shape = shapes[row] as number;
      const code = shape === NOT_SPLIT ? NO_TEMPLATE : (this.#codes[shape] as number);
      codes[row] = code;
      if (code === NO_TEMPLATE) {
        others.starts[otherCount] = texts.starts[row] as number;
        others.ends[otherCount++] = texts.ends[row] as number;
        continue;
      }
      const template = this.#templates[code - 1] as Int32Array;
      let variable = firsts[row] as number;
      for (let index = 0; index < template.length; index++, variable++) {
        const slot = template[index] as number;
        const { values } = slots[slot] as Slot;
        const at = (used[slot] as number)++;
        values.starts[at] = variables.starts[variable] as number;
        values.ends[at] = variables.ends[variable] as number;
      }
    }
    return { literals: this.#literals(), variables: this.#variables(), slots, codes, others };
  }

  /** Returns the code of a new template; 0 if it has too few uses or there are too many. */
  #define(shape: number): number {
    const { row, uses } = this.#column.shape(shape);
    if (uses < MIN_USES || this.#templates.length === MAX_TEMPLATES) return NO_TEMPLATE;
    const slots = this.#column.slotsOf(row);
    if (this.#slots.length + this.#countNew(slots) > MAX_SLOTS) return NO_TEMPLATE;
    const template = new Int32Array(slots.length);
    for (let variable = 0; variable < slots.length; variable++) {
      const slot = this.#slotOf(slots[variable] as SlotKey);
      (this.#slots[slot] as SlotCount).count += uses;
      template[variable] = slot;
    }
    this.#covered += uses;
    this.#rows.push(row);
    return this.#templates.push(template);
  }

  #countNew(slots: readonly SlotKey[]): number {
    let count = 0;
    for (const slot of slots) if (!this.#slotsByKey.has(identityOf(slot))) count += 1;
    return count;
  }

  #slotOf(slotKey: SlotKey): number {
    const identity = identityOf(slotKey);
    let slot = this.#slotsByKey.get(identity);
    if (slot === undefined) {
      slot = this.#slots.push({ kind: slotKey.kind, count: 0 }) - 1;
      this.#slotsByKey.set(identity, slot);
    }
    return slot;
  }

  #literals(): ByteTexts {
    const { bytes } = this.#column.texts;
    const writer = new ByteWriter();
    const ranges = rangesOf(bytes, this.#rows.length);
    this.#rows.forEach((row, template) => {
      const { start, end, variables, first, last } = this.#column.text(row);
      ranges.starts[template] = writer.length;
      let literal = start;
      for (let variable = first; variable < last; variable++) {
        writer.range(bytes, literal, variables.starts[variable] as number);
        writer.byte(MARK);
        literal = variables.ends[variable] as number;
      }
      writer.range(bytes, literal, end);
      ranges.ends[template] = writer.length;
    });
    return { bytes: writer.written(), starts: ranges.starts, ends: ranges.ends };
  }

  #variables(): Float64Array {
    const slots: number[] = [];
    for (const template of this.#templates) slots.push(...template);
    return Float64Array.from(slots);
  }
}

/** Distinguishes slots of different kinds. Their keys are hashes, which may be equal. */
function identityOf({ key, kind }: SlotKey): number {
  return key * 2 + kind;
}

function rangesOf(bytes: Buffer, count: number): ByteTexts {
  return { bytes, starts: new Int32Array(count), ends: new Int32Array(count) };
}
