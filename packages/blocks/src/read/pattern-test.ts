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
  /** The characters of the text behind one that the variable may end with. */
  readonly behind: ReadonlySet<string>;
}

/** Tests whether the texts of a template contain a text. */
export class PatternTest {
  readonly #text: string;
  readonly #overlaps: Readonly<Record<CharacterClass, Overlap>>;

  constructor(text: string) {
    this.#text = text;
    this.#overlaps = {
      decimal: overlapOf(text, CLASSES.decimal),
      hexadecimal: overlapOf(text, CLASSES.hexadecimal),
      any: overlapOf(text, CLASSES.any),
    };
  }

  /**
   * Returns whether all texts of a template contain the text (`true`) or none does (`false`), or `undefined` if that may
   * depend on its variables.
   *
   * @param pattern - Its literals, with a mark in place of each variable.
   * @param charactersOf - Returns the characters of the values of a variable.
   */
  contains(pattern: string, charactersOf: (variable: number) => CharacterClass): boolean | undefined {
    if (pattern.includes(this.#text)) return true;
    let variable = 0;
    for (let at = pattern.indexOf(MARK_CHARACTER); at !== -1; at = pattern.indexOf(MARK_CHARACTER, at + 1)) {
      const overlap = this.#overlaps[charactersOf(variable++)];
      if (overlap.isInside || isIn(overlap.before, pattern[at - 1]) || isIn(overlap.behind, pattern[at + 1]))
        return undefined;
    }
    return false;
  }
}

function overlapOf(text: string, characters: RegExp): Overlap {
  // Units, because the neighbour of a variable may be half of a character.
  const all = Array.from({ length: text.length }, (_, index) => text.charAt(index));
  const own = all.map((unit) => characters.test(unit));
  return {
    isInside: own.every(Boolean),
    before: new Set(all.filter((_, index) => own[index + 1] === true)),
    behind: new Set(all.filter((_, index) => own[index - 1] === true)),
  };
}

/** Returns whether a neighbour of a variable is among some characters, or is another variable. */
function isIn(characters: ReadonlySet<string>, neighbour: string | undefined): boolean {
  return neighbour !== undefined && (neighbour === MARK_CHARACTER || characters.has(neighbour));
}
