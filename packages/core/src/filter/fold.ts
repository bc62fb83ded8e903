import { FOLD_TABLE } from './fold-table';

const NON_ASCII = /[^\0-\x7f]/;
const UNCHANGED = 0;
const LOOK_UP = 0xffff;

/** Folded form of each character. */
interface FoldMap {
  /** By UTF-16 code unit: the folded unit, `UNCHANGED` or `LOOK_UP`. */
  readonly units: Uint16Array;
  /** By code point: folded forms of characters that have more than one unit, before or after folding. */
  readonly others: ReadonlyMap<number, string>;
}

let foldMap: FoldMap | undefined;

/**
 * Folds the case of a text, so that texts that differ only in case become equal.
 *
 * Each character is replaced by the lower case of its upper case, from a table in this package. The result is therefore
 * the same on every Node.js version and in every locale. `ß` becomes `ss`, and `I`, `i`, `İ` and `ı` become `i`. The fold of a
 * substring is a substring of the fold. The text is not normalised: a letter with a combining accent differs from the
 * composed letter.
 */
export function fold(text: string): string {
  // For ASCII, toLowerCase has the same result everywhere and is the fastest.
  if (!NON_ASCII.test(text)) return text.toLowerCase();
  foldMap ??= readTable(FOLD_TABLE);
  const { units, others } = foldMap;
  let folded = '';
  let copied = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = units[text.charCodeAt(index)] ?? UNCHANGED;
    if (unit === UNCHANGED) continue;
    const codePoint = text.codePointAt(index) ?? 0;
    const replacement = unit === LOOK_UP ? others.get(codePoint) : String.fromCharCode(unit);
    if (replacement === undefined) continue;
    folded += text.slice(copied, index) + replacement;
    if (codePoint > 0xffff) index++;
    copied = index + 1;
  }
  return copied === 0 ? text : folded + text.slice(copied);
}

function readTable(table: string): FoldMap {
  const units = new Uint16Array(0x10000);
  const others = new Map<number, string>();
  for (const entry of table.split(' ')) {
    const [range = '', target = ''] = entry.split(':');
    const [first = 0, last = first, step = 1] = range.split(/[-/]/).map(fromHex);
    const [start = 0, ...rest] = target.split('.').map(fromHex);
    for (let codePoint = first; codePoint <= last; codePoint += step) {
      const folded = String.fromCodePoint(start + codePoint - first, ...rest);
      const isSingle = codePoint <= 0xffff && folded.length === 1;
      units[String.fromCodePoint(codePoint).charCodeAt(0)] = isSingle ? folded.charCodeAt(0) : LOOK_UP;
      if (!isSingle) others.set(codePoint, folded);
    }
  }
  return { units, others };
}

const fromHex = (digits: string): number => parseInt(digits, 16);
