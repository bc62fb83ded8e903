import type { OnDecoded } from '../bytes/byte-reader';
import { DamagedBlockError } from '../bytes/damaged';
import type { Integers } from '../column/integer-values';
import type { TemplateSlots } from './template-slots';

/** Maximum number of texts that are counted one by one. More texts are first counted by template. */
const FEW = 100;
/** Number of texts between two positions whose uses are kept. */
const STEP = 512;

/**
 * Counts how often the texts before a position use each slot, which is where the values of the next text are. Visiting
 * texts one after another is fastest, in either direction.
 */
export class SlotPositions {
  readonly #codes: Integers;
  readonly #templates: TemplateSlots;
  /** For each slot, and then for the texts without a template, the number of uses before the current text. */
  readonly #uses: Int32Array;
  /** The uses before each text whose index is a multiple of `STEP`, as far as they are known. */
  readonly #known: Int32Array[] = [];
  readonly #onDecoded: OnDecoded;
  #index = 0;

  /** @param codes - For each text its template plus one, or 0. */
  constructor(codes: Integers, templates: TemplateSlots, slotCount: number, onDecoded: OnDecoded) {
    this.#codes = codes;
    this.#templates = templates;
    this.#onDecoded = onDecoded;
    this.#uses = new Int32Array(slotCount + 1);
  }

  /** Moves to a text. Returns its template, or -1. @throws {DamagedBlockError} when a text has an unknown template. */
  moveTo(index: number): number {
    const { constant } = this.#codes;
    const isBackward = index < this.#index;
    const start = isBackward ? index : this.#index;
    const end = isBackward ? this.#index : index;
    const uses = isBackward ? -1 : 1;
    if (constant !== undefined) this.#count(this.#checked(constant), uses * (end - start));
    else if (end - start > STEP) this.#jump(index);
    else if (end - start > FEW) this.#countByCode(start, end, uses);
    else for (let at = start; at < end; at++) this.#count(this.#checked(this.#codes.get(at)), uses);
    this.#index = index;
    return this.#checked(this.#codes.get(index)) - 1;
  }

  /** The number of texts without a template before the current one. */
  get others(): number {
    return this.#uses[this.#uses.length - 1] as number;
  }

  /** Returns the index of the value of a variable of the current text, which has this template. */
  valueOf(template: number, variable: number): number {
    const { firsts, slots, repeats } = this.#templates;
    const at = (firsts[template] as number) + variable;
    return (this.#uses[slots[at] as number] as number) + (repeats[at] as number);
  }

  #checked(code: number): number {
    if (code >= 0 && code <= this.#templates.count) return code;
    throw unknownTemplate();
  }

  /** Counts the uses of some texts with one code. @param texts - Their number; negative if the position moves before them. */
  #count(code: number, texts: number): void {
    if (code === 0) {
      (this.#uses[this.#uses.length - 1] as number) += texts;
      return;
    }
    const { firsts, slots } = this.#templates;
    const last = firsts[code] as number;
    for (let variable = firsts[code - 1] as number; variable < last; variable++)
      (this.#uses[slots[variable] as number] as number) += texts;
  }

  /** Counts the uses before a text from the nearest position before it. */
  #jump(index: number): void {
    const step = Math.floor(index / STEP);
    for (let next = this.#known.length; next <= step; next++) {
      const before = this.#known[next - 1];
      if (before === undefined) this.#uses.fill(0);
      else {
        this.#uses.set(before);
        this.#countByCode((next - 1) * STEP, next * STEP, 1);
      }
      this.#known.push(this.#uses.slice());
      this.#onDecoded(this.#uses.byteLength);
    }
    this.#uses.set(this.#known[step] as Int32Array);
    this.#countByCode(step * STEP, index, 1);
  }

  /** Counts the uses of the texts from `start` up to, not including, `end`. */
  #countByCode(start: number, end: number, uses: 1 | -1): void {
    const counts = new Int32Array(this.#templates.count + 1);
    this.#codes.count(start, end, counts);
    let counted = 0;
    for (let code = 0; code < counts.length; code++) {
      const texts = counts[code] as number;
      if (texts > 0) this.#count(code, uses * texts);
      counted += texts;
    }
    if (counted !== end - start) throw unknownTemplate();
  }
}

function unknownTemplate(): DamagedBlockError {
  return new DamagedBlockError('a text has an unknown template');
}
