import { fold } from '@vigilant/core/adapter';
import type { CharacterClass } from '../column/text-column';
import { MARK } from '../template/split';

const MARK_CHARACTER = String.fromCharCode(MARK);

const CLASSES: Readonly<Record<CharacterClass, RegExp>> = {
  decimal: /[-0-9]/,
  hexadecimal: /[-0-9a-f]/,
  any: /[^]/,
};

/** Where a text may overlap a variable whose values consist of some characters. */
interface Overlap {
  /** Whether the variable may contain the text. */
  readonly isInside: boolean;
  /** The characters of the text before one that the variable may start with. */
  readonly before: ReadonlySet<string>;
  /** The characters of the text after one that the variable may end with. */
  readonly after: ReadonlySet<string>;
}

/** The classes as bits. */
const BITS: Readonly<Record<CharacterClass, number>> = { decimal: 1, hexadecimal: 2, any: 4 };
const ALL_CLASSES = Object.keys(BITS) as readonly CharacterClass[];

/** Maximum number of patterns that are remembered. Most blocks have the same ones. */
const MAX_KNOWN = 10_000;

/** Whether a literal contains the text, or for each variable the classes of characters with which it may overlap the text. */
type Finding = true | readonly number[];

/** Tests whether the texts of a template contain a text. */
export class PatternTest {
  readonly #text: string;
  readonly #overlaps: Readonly<Record<CharacterClass, Overlap>>;
  readonly #known = new Map<string, Finding>();

  /** @param folded - See `fold`. */
  constructor(folded: string) {
    this.#text = folded;
    this.#overlaps = {
      decimal: overlapOf(folded, CLASSES.decimal),
      hexadecimal: overlapOf(folded, CLASSES.hexadecimal),
      any: overlapOf(folded, CLASSES.any),
    };
  }

  /**
   * Returns whether all texts of a template contain the text, folded, (`true`) or none does (`false`), or `undefined` if that
   * may depend on its variables.
   *
   * @param pattern - Its literals, with a mark in place of each variable.
   * @param charactersOf - Returns the characters of the values of a variable.
   */
  contains(pattern: string, charactersOf: (variable: number) => CharacterClass): boolean | undefined {
    // A text that contains the mark itself has no template.
    if (this.#text.includes(MARK_CHARACTER)) return false;
    const finding = this.#known.get(pattern) ?? this.#find(pattern);
    if (finding === true) return true;
    for (let variable = 0; variable < finding.length; variable++)
      if (((finding[variable] as number) & BITS[charactersOf(variable)]) !== 0) return undefined;
    return false;
  }

  #find(pattern: string): Finding {
    const folded = fold(pattern);
    const variables: number[] = [];
    for (let at = folded.indexOf(MARK_CHARACTER); at !== -1; at = folded.indexOf(MARK_CHARACTER, at + 1))
      variables.push(this.#classesAt(folded[at - 1], folded[at + 1]));
    const finding = folded.includes(this.#text) || variables;
    if (this.#known.size < MAX_KNOWN) this.#known.set(pattern, finding);
    return finding;
  }

  /** Returns the classes with which a variable between two units may overlap the text. */
  #classesAt(before: string | undefined, after: string | undefined): number {
    return ALL_CLASSES.reduce((bits, name) => {
      const overlap = this.#overlaps[name];
      const overlaps = overlap.isInside || isIn(overlap.before, before) || isIn(overlap.after, after);
      return overlaps ? bits | BITS[name] : bits;
    }, 0);
  }
}

function overlapOf(text: string, characters: RegExp): Overlap {
  // Units, because the neighbour of a variable may be half of a character.
  const all = Array.from({ length: text.length }, (_, index) => text.charAt(index));
  const own = all.map((unit) => characters.test(unit));
  return {
    isInside: own.every(Boolean),
    before: new Set(all.filter((_, index) => own[index + 1] === true)),
    after: new Set(all.filter((_, index) => own[index - 1] === true)),
  };
}

/** Returns whether a neighbour of a variable is among some characters, or is another variable. */
function isIn(characters: ReadonlySet<string>, neighbour: string | undefined): boolean {
  return neighbour !== undefined && (neighbour === MARK_CHARACTER || characters.has(neighbour));
}
